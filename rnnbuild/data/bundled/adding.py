"""The sum of two marked numbers among many, however far apart they are."""

from pathlib import Path

import numpy as np

from rnnbuild.data.bundled.card import SHORT_SEED, Card, Dataset, Option
from rnnbuild.data.bundled.draw import DRAW, split_sizes
from rnnbuild.data.sequences.codec import SequenceRows, SequenceSplits

NAIVE_MSE = 1 / 6
"""The variance of a sum of two numbers uniform on 0 to 1: the error of always answering 1."""


def adding(length: int, size: int, seed: int) -> SequenceSplits:
    """Sequences of `length` steps: a number from 0 to 1, and 1 at the two to be added, else 0.

    There is one mark in each half.
    """
    # NumPy guarantees the same numbers in all versions for RandomState, and for it alone.
    chance = np.random.RandomState(seed)
    half = length // 2
    values = chance.random_sample((size, length))
    marks = np.zeros((size, length))
    rows = np.arange(size)
    first = (chance.random_sample(size) * half).astype(np.int64)
    second = half + (chance.random_sample(size) * (length - half)).astype(np.int64)
    marks[rows, first] = marks[rows, second] = 1
    sums = (values[rows, first] + values[rows, second])[:, None]
    inputs = np.stack([values, marks], axis=2).astype(np.float32)
    ends = np.cumsum(split_sizes(size))[:2]
    parts = zip(np.split(inputs, ends), np.split(sums.astype(np.float32), ends), strict=True)
    train, validation, test = (SequenceRows(*part) for part in parts)
    return SequenceSplits(train, validation, test)


ADDING = Dataset(
    Card(
        name="adding",
        task="forecast",
        level=None,
        title="the sum of the two marked numbers among `length`",
        rows=(16000, 2000, 2000),
        origin=(
            "generated from `length`, `size` and `seed`: at each step a number, uniform on 0 to "
            "1, and a mark, which is 1 at one step of each half and 0 elsewhere"
        ),
        licence="MIT, as the package",
        teaches=(
            "long memory: both numbers must be remembered over all steps between, and all others "
            "ignored. Always answering 1 has a mean squared error of 1/6 = 0.167 (RMSE "
            "0.408); a model below that remembers"
        ),
        best="0: the sum is in the sequence",
        reached=(
            "at length 100, in 10 epochs: mean squared error 0.0002 (RMSE 0.013) by the config's "
            "GRU of 64 units. With other units, some 17,000 parameters each: 0.0005 by a GRU of "
            "74, 0.0003 by an LSTM of 64, 0.182 by a SimpleRNN of 129, which has learned nothing"
        ),
        paper=(
            "Hochreiter and Schmidhuber 1997, Long Short-Term Memory, section 5.4; in the form "
            "of Le, Jaitly and Hinton 2015"
        ),
    ),
    load=adding,
    sources=(Path(__file__), DRAW),
    options={
        "length": Option(default=50, least=2, most=1000),
        "size": Option(default=20000, least=10, most=1_000_000),
        "seed": SHORT_SEED,
    },
)
