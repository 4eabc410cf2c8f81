"""Sequences of numbers that come with the numbers to be predicted from them: `forecast`.

codec.py   rows, and what is saved of their shapes
load.py    rows as training takes them, with the trivial answer
health.py  the questions of the health check
"""
