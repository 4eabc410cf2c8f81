"""Where benchmarks find real corpora, and text that they make themselves."""

import csv
import random
from pathlib import Path

from tests.benchmarks.interleaved import ROOT

DATA = ROOT.parent / "shared" / "data"
"""A folder with `atis/`, `mr/` and `imdb/`; what needs it is left out where it is missing."""


def made_reviews(
    path: Path, rows: int, words: int, vocabulary: int = 20_000, seed: int = 1
) -> None:
    """A CSV file of `rows` texts of about so many words, whose frequencies fall as in a language.

    Zipf's law: the word of rank r is 1/r as frequent as the first.
    """
    draw = random.Random(seed)
    names = [f"w{number:x}" for number in range(vocabulary)]
    weights = [1 / rank for rank in range(1, vocabulary + 1)]
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["text", "label"])
        for _ in range(rows):
            length = max(1, int(draw.gauss(words, words / 3)))
            text = " ".join(draw.choices(names, weights, k=length))
            writer.writerow([text, draw.choice(("pos", "neg"))])
