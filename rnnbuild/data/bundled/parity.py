"""Whether the number of ones among the bits so far is odd, at every step."""

from itertools import accumulate
from operator import xor
from pathlib import Path

from rnnbuild.data.bundled.bounds import word_alone_bound
from rnnbuild.data.bundled.card import SEED, Card, Dataset, Option
from rnnbuild.data.bundled.draw import DRAW, Draw, add_tagged, deal, draw_distinct, split_sizes
from rnnbuild.data.rows.rows import Rows, RowSplits

TAGS = ("even", "odd")


def parity(length: int, size: int, seed: int) -> RowSplits:
    """`length` bits, with the parity of all bits up to each."""
    draw = Draw(seed)
    rows = Rows()
    for bits in draw_distinct(
        lambda: tuple(draw.below(2) for _ in range(length)), size, f"rows of {length} bits"
    ):
        add_tagged(rows, [str(bit) for bit in bits], [TAGS[odd] for odd in accumulate(bits, xor)])
    return deal("tag", "word", rows, split_sizes(size))


PARITY = Dataset(
    Card(
        name="parity",
        task="tag",
        level="word",
        title="whether the number of ones so far is odd, at each of `length` bits",
        rows=(3200, 400, 400),
        origin=(
            "generated from `length`, `size` and `seed`: bits, each 1 half of the time, and the "
            "parity of all bits so far; no row is in two splits"
        ),
        licence="MIT, as the package",
        teaches=(
            "state without a hint: one bit of memory solves it, yet every one flips the answer. A "
            "model that misses a single bit is correct half of the time, like guessing"
        ),
        best="100 %: the bits so far decide",
        reached="token accuracy 100 % in 10 epochs (GRU of 32 units)",
        paper="Minsky and Papert 1969, Perceptrons",
    ),
    load=parity,
    sources=(Path(__file__), DRAW),
    options={
        "length": Option(default=32, least=4, most=1000),
        "size": Option(default=4000, least=10, most=200_000),
        "seed": SEED,
    },
    bounds={"token accuracy, seeing single words": word_alone_bound},
)
