"""Pairs of texts, one to be written from the other: `translate`."""
