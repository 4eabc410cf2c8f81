"""Rows as files and bundled datasets give them, before anything is made of their text."""
