"""Labelled text of any size as arrays on the disk: gathered in one pass, arranged in a second."""
