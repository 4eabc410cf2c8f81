"""Where benchmarks find real corpora, and text that they make themselves."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

CELLS = ("simple_rnn", "gru", "lstm")
UNITS, WIDTH = 64, 64
"""Of the one layer, and of the embedding, wherever networks are compared."""


@dataclass(frozen=True)
class CorpusSpec:
    """A corpus as a config names it, the rows of it that make a timed piece of an epoch, and the
    networks that train on it."""

    data: dict[str, object]
    batch_size: int
    rows: int
    task: str = "classify"
    cells: tuple[str, ...] = CELLS
    units: int = UNITS


CORPORA = {
    "atis-slots": CorpusSpec(
        {"train": "atis/train.conll", "test": "atis/test.conll"}, 32, 4478, "tag"
    ),
    "atis-intents": CorpusSpec(
        {"train": "atis/train.intent.csv", "test": "atis/test.intent.csv"}, 32, 4478
    ),
    "mr": CorpusSpec({"train": "mr/train.csv", "test": "mr/test.csv"}, 32, 8528),
    "imdb": CorpusSpec(
        {
            "train": "imdb/train.csv.gz",
            "test": "imdb/test.csv.gz",
            "max_length": 400,
            "vocabulary": {"size": 20000},
        },
        32,
        1600,
    ),
}


SHAKESPEARE = CorpusSpec(
    {"train": "shakespeare/input.txt", "window": 64},
    64,
    4096,
    "language-model",
    cells=("gru", "lstm"),
    units=512,
)
"""Characters, read by the network of `configs/shakespeare.yaml` without its dropout. A piece is 64
steps, about a quarter of an epoch."""
VOCABULARY = 20_000
ROWS_AT_ONCE = 10_000


def made_reviews(path: Path, rows: int, words: int, seed: int = 1) -> None:
    """A CSV file of `rows` texts of about so many words, whose frequencies fall as in a language.

    Zipf's law: the word of rank r is 1/r as frequent as the first.
    """
    draw = np.random.default_rng(seed)
    names = [f"w{number:x}" for number in range(VOCABULARY)]
    reached = np.cumsum(1 / np.arange(1, VOCABULARY + 1))
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write("text,label\n")
        for first in range(0, rows, ROWS_AT_ONCE):
            count = min(ROWS_AT_ONCE, rows - first)
            lengths = np.maximum(1, draw.normal(words, words / 3, count)).astype(int)
            drawn = np.searchsorted(reached, draw.random(lengths.sum()) * reached[-1]).tolist()
            ends = np.cumsum(lengths).tolist()
            labels = draw.integers(0, 2, count).tolist()
            start = 0
            for end, label in zip(ends, labels, strict=True):
                text = " ".join([names[number] for number in drawn[start:end]])
                stream.write(f"{text},{'pos' if label else 'neg'}\n")
                start = end
