"""Labelled text of any size as arrays on the disk: gathered in one pass, arranged in a second.

codec.py      text into ids, ids of labels into names
gather.py     the first pass: every row is read once and stored as codes
iob.py        the scheme of tags that mark entities; IOB1 becomes BIO
census.py     counts of words, labels and lengths by split
arrange.py    the second pass: each split's ids and targets
counts.py     the counts behind notes and the health check
build.py      all of these, written to one folder
stored.py     the folder, read
notes.py      oddities, in a sentence each
load.py       the folder as training takes it
baselines.py  trivial answers; linear.py  TF-IDF with logistic regression
health.py     the questions of the health check; label_health.py  those about labels;
              similar_labels.py  labels that are one label in several ways of writing
"""
