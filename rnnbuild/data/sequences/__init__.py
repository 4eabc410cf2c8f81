"""Sequences of numbers, each with the numbers to be predicted from it: `forecast`.

codec.py   rows, and what is saved of their shapes
load.py    rows as training takes them, with the trivial answer
health.py  the questions of the health check
"""
