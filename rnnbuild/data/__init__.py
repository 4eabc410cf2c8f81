"""Examples: from files and bundled datasets to numbers in batches, with what is odd in them.

The modules here know every kind of data; the folders below know their own alone.

load.py          from a config's `data` to training's examples, whatever their kind
facts.py         the sizes that a model takes from its data, cached
resolved.py      a config with every size known
codecs.py        the codecs, by the kind that a run's record names
health_check.py  what would spoil a run or its scores
idle.py          keys that do nothing for the task
fingerprint.py   whether data is the same as before

bundled/                                          the bundled datasets, one file each
labelled_text/  pairs/  series/  sequences/       one folder a kind: codec, loading, trivial
                                                  answers, notes, questions of the health check
health/          questions that several kinds are asked
readers/         one file a format
kind/            what every kind gives: codec, loaded data, findings
rows/            rows before anything is made of their text, and which are held out
text/            text into ids
disk/            files, and arrays that are too long for memory
examples/        encoded examples, their splits and batches
"""
