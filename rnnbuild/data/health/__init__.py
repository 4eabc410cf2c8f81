"""The health of a config's data: what would spoil a run or its scores, found before training.

finding.py      one answer: ok, warning or failure, with its reason and its remedy
check.py        all findings of a config's data, and those that keep it from being read
text.py  pairs.py  series.py  sequences.py      what is asked of each kind of data

Each other file is one question, asked of every kind that it makes sense for. Figures come from
what was counted when the data was read, so that they are those of the notes that training prints.
"""
