"""Labelled text of any size as arrays on the disk: gathered in one pass, arranged in a second.

codec.py      text into ids, ids of labels into names
gather.py     the first pass: every row is read once and kept as codes
iob.py        entities in IOB1, turned into BIO
census.py     what stands how often in which split
arrange.py    the second pass: each split's ids and targets
counts.py     what notes and the health check are told from
build.py      all of these, into one folder
stored.py     the folder, read
notes.py      what is odd in it
load.py       the folder as training takes it
baselines.py  trivial answers; linear.py  TF-IDF with logistic regression
health.py     the questions of the health check; label_health.py  those about labels
"""
