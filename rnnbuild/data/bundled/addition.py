"""Sums as characters: "535+61" to "596"."""

from pathlib import Path

from rnnbuild.data.bundled.card import SEED, Card, Dataset, Option
from rnnbuild.data.bundled.draw import DRAW, Draw, deal, draw_distinct, split_sizes
from rnnbuild.data.rows.rows import Rows, RowSplits


def addition(length: int, size: int, seed: int) -> RowSplits:
    """`size` sums of two numbers of up to `length` digits, a tenth each for validation and test.

    No two rows add the same two numbers, in either order. Raises DataError if there are not
    that many sums.
    """
    draw = Draw(seed)

    def numbers() -> tuple[int, int]:
        one, other = (draw.below(10 ** (1 + draw.below(length))) for _ in range(2))
        return min(one, other), max(one, other)

    rows = Rows()
    sums = draw_distinct(numbers, size, f"sums of two numbers of up to {length} digits")
    for pair in sums:
        one, other = pair if draw.chance(0.5) else pair[::-1]
        rows.texts.append(f"{one}+{other}")
        rows.targets.append((str(sum(pair)),))
    return deal("translate", "character", rows, split_sizes(size))


ADDITION = Dataset(
    Card(
        name="addition",
        task="translate",
        level="character",
        title="the sum of two numbers, written digit by digit",
        rows=(32_000, 4_000, 4_000),
        origin=(
            "generated from `length` (digits of a number), `size` and `seed`; every number of "
            "digits is as common as any other. No sum of the test split is in the training split, "
            "in either order, so sums cannot be looked up"
        ),
        licence="MIT, as the package",
        teaches=(
            "that a rule can be learned from examples: digits have to be aligned and carried, and "
            "reading the sum from its end (`reverse`) brings them close to where they are used"
        ),
        best="100 %: every sum has one answer",
        reached=(
            "98.9 % of the test sums digit for digit (95 % interval 98.5 to 99.2) after 24 epochs; "
            "the sum of the nearest training pair is correct for 0.5 %"
        ),
        paper="Zaremba and Sutskever 2014, Learning to Execute",
    ),
    load=addition,
    sources=(Path(__file__), DRAW),
    options={
        "length": Option(default=3, least=1, most=9),
        "size": Option(default=40_000, least=20, most=1_000_000),
        "seed": SEED,
    },
)
