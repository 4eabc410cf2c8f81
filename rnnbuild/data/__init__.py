"""Examples: from files and bundled datasets to numbers in batches, with notes on oddities.

The modules here know every kind of data; each folder below knows only its own.

load.py          from a config's `data` to the examples of training, whatever their kind
facts.py         the sizes that a model takes from its data, cached
resolved.py      a config with every size known
codecs.py        the codecs, by the kind that is saved with a run
codec_of_run.py  the codec of a run, and of the one that training starts from
health_check.py  what would spoil a run or its scores
idle.py          keys that do nothing for the task
fingerprint.py   whether data is the same as before

bundled/                                          the bundled datasets, one file each
labelled_text/  pairs/  running_text/             one folder a kind: codec, loading, trivial
series/  sequences/                               answers, notes, questions of the health check
health/          questions of the health check that several kinds share
readers/         one file a format
kind/            what every kind provides: codec, loaded data, findings
rows/            rows as they are read, and which are held out
text/            text into ids
disk/            files, and arrays too long for memory
examples/        encoded examples, their splits and batches
"""
