"""Pairs of texts, one to be written from the other: `translate`.

codec.py      sources and targets into ids, ids into text
ends.py       where targets end
pairs.py      the pairs of each split as tokens
counts.py     the counts behind notes and the health check
notes.py      oddities, in a sentence each
baselines.py  trivial answers
health.py     the questions of the health check
load.py       the rows as training takes them
"""
