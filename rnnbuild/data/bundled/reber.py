"""The embedded Reber grammar: the first choice must be repeated at the very end."""

from collections.abc import Mapping
from pathlib import Path
from zlib import crc32

from rnnbuild.data.bundled.card import SEED, Card, Dataset, Option
from rnnbuild.data.bundled.draw import (
    DRAW,
    KINDS,
    TRAIN,
    Draw,
    add_labelled,
    draw_distinct,
    generate_splits,
)
from rnnbuild.data.rows.rows import Rows, RowSplits

# Reber 1967, as drawn by Cleeremans, Servan-Schreiber and McClelland 1989: from each state two
# arrows, each with its symbol and the next state.
ARROWS: Mapping[int, tuple[tuple[str, int], tuple[str, int]]] = {
    0: (("T", 1), ("P", 2)),
    1: (("S", 1), ("X", 3)),
    2: (("T", 2), ("V", 4)),
    3: (("X", 2), ("S", 5)),
    4: (("P", 3), ("V", 5)),
}
END = 5
BEGIN_SYMBOL, END_SYMBOL = "B", "E"
CHOICES = ("T", "P")
"""The first choice, which the second last symbol repeats."""


def inner_word(draw: Draw, length: int) -> str:
    """A word of the Reber grammar with at least `length` symbols, B and E included.

    Each arrow is taken half of the time, except one that would end the word too early.
    """
    state, word = 0, BEGIN_SYMBOL
    while state != END:
        arrow = draw.chance(0.5)
        ends_early = ARROWS[state][arrow][1] == END and len(word) + 2 < length
        symbol, state = ARROWS[state][arrow != ends_early]
        word += symbol
    return word + END_SYMBOL


def kind_of_word(word: str) -> int:
    """The kind of an inner word, which decides its split."""
    return crc32(word.encode()) % KINDS


def reber(length: int, size: int, seed: int) -> RowSplits:
    """Each inner word twice, once after each first choice, which is the label.

    Training words are as frequent as the grammar makes them, so short ones recur; held-out words
    are all different.
    """

    def rows_of(draw: Draw, number: int) -> Rows:
        def word() -> str:
            while kind_of_word(drawn := inner_word(draw, length)) not in draw.kinds:
                pass
            return drawn

        half = number // 2
        repeats = draw.kinds == TRAIN
        words = [word() for _ in range(half)] if repeats else draw_distinct(word, half, "words")
        rows = Rows()
        for inner in words:
            for choice in CHOICES:
                add_labelled(rows, f"{BEGIN_SYMBOL}{choice}{inner}", choice)
        return rows

    return generate_splits("classify", rows_of, size, seed, together=2, level="character")


REBER = Dataset(
    Card(
        name="reber",
        task="classify",
        level="character",
        title="embedded Reber grammar: which choice, made at the start, must come last",
        rows=(4800, 600, 600),
        origin=(
            "generated from `length`, `size` and `seed`: B, then T or P, then a word of the "
            "Reber grammar with at least `length` symbols; the label is the T or P that must "
            "follow. Each word comes after T and after P, and in one split only; short words recur "
            "in training, as the grammar repeats them"
        ),
        licence="MIT, as the package",
        teaches=(
            "memory past a distraction: one symbol, the second, decides, and what follows it "
            "is the same for both answers. Without that symbol exactly half can be correct. "
            "Counting pairs of neighbours solves it too, by T or P before the second B: the "
            "difficulty is to read step by step without forgetting"
        ),
        best="100 %: the second symbol is the answer",
        reached="accuracy 100 % in 10 epochs (GRU of 64 units; a SimpleRNN of 64 too, in 15)",
        paper="Hochreiter and Schmidhuber 1997, Long Short-Term Memory, section 5.1",
    ),
    load=reber,
    sources=(Path(__file__), DRAW),
    options={
        "length": Option(default=5, least=5, most=1000),
        "size": Option(default=6000, least=20, most=50_000),
        "seed": SEED,
    },
)
