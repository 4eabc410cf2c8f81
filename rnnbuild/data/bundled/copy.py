"""Symbols to be repeated after a long silence."""

from pathlib import Path

from rnnbuild.data.bundled.card import SEED, Card, Dataset, Option
from rnnbuild.data.bundled.draw import DRAW, Draw, add_tagged, deal, draw_distinct, split_sizes
from rnnbuild.data.rows.rows import Rows, RowSplits
from rnnbuild.formatting import percent

SYMBOLS = "abcdefgh"
REMEMBERED = 5
"""Number of symbols that are shown and asked for."""
SILENCE, ASKED = "_", "?"


def copy(length: int, size: int, seed: int) -> RowSplits:
    """Five symbols, `length` silent steps, the question, silence; the tags repeat the symbols."""
    draw = Draw(seed)
    rows = Rows()
    quiet = [SILENCE] * (REMEMBERED + length)
    for symbols in draw_distinct(
        lambda: tuple(draw.any(SYMBOLS) for _ in range(REMEMBERED)), size, "messages"
    ):
        words = [*symbols, *[SILENCE] * length, ASKED, *[SILENCE] * (REMEMBERED - 1)]
        add_tagged(rows, words, [*quiet, *symbols])
    return deal("tag", "word", rows, split_sizes(size))


def silent_accuracy(length: int) -> float:
    """The token accuracy of never answering a symbol."""
    return (REMEMBERED + length) / (2 * REMEMBERED + length)


def guessing_accuracy(length: int) -> float:
    """The expected token accuracy of the best answer without memory."""
    return (REMEMBERED + length + REMEMBERED / len(SYMBOLS)) / (2 * REMEMBERED + length)


COPY = Dataset(
    Card(
        name="copy",
        task="tag",
        level="word",
        title=f"{REMEMBERED} symbols to be repeated after `length` silent steps",
        rows=(8000, 1000, 1000),
        origin=(
            f"generated from `length`, `size` and `seed`: {REMEMBERED} of {len(SYMBOLS)} symbols, "
            "`length` times silence, a question, silence; the tags are silent until the question "
            "and then the symbols in their order. No message is in two splits"
        ),
        licence="MIT, as the package",
        teaches=(
            "long memory without any cue: staying silent is correct at "
            f"{percent(silent_accuracy(10))} of the steps by default, guessing at "
            f"{percent(guessing_accuracy(10))}; everything above that is memory"
        ),
        best="100 %: the symbols are in the sequence",
        reached="token accuracy 99.4 % in 30 epochs (GRU of 96 units)",
        paper=(
            "Hochreiter and Schmidhuber 1997, Long Short-Term Memory; in the form of Arjovsky, "
            "Shah and Bengio 2016, Unitary Evolution Recurrent Neural Networks"
        ),
    ),
    load=copy,
    sources=(Path(__file__), DRAW),
    options={
        "length": Option(default=10, least=1, most=1000),
        "size": Option(default=10000, least=10, most=len(SYMBOLS) ** REMEMBERED // 2),
        "seed": SEED,
    },
)
