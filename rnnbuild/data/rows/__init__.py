"""Rows as files and bundled datasets give them, before their text is processed."""
