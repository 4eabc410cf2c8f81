"""Programs that train the same model on the same arrays, each as its users would write it.

Each is started with the path of a `Piece` (see `tests/benchmarks/epochs.py`), prints `ready` and
the seconds of its first epoch, then trains an epoch for each line it reads and prints its seconds.
"""
