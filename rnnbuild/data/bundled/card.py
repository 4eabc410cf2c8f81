"""What is to be known of a bundled dataset."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rnnbuild.config.facts import Task
from rnnbuild.data.rows import RowSplits
from rnnbuild.data.tokeniser import Level


@dataclass(frozen=True)
class Card:
    """`rows` are those of train, validation and test as the dataset comes by default."""

    name: str
    task: Task
    level: Level
    title: str
    rows: tuple[int, int, int]
    origin: str
    """Where it is from, or how it is made."""
    licence: str
    teaches: str
    """What training on it shows."""
    best: str
    """The best score that is possible, where that is known."""
    paper: str = ""


@dataclass(frozen=True)
class Dataset:
    """`load` makes the rows from `size` and `seed`, which a dataset that is `generated` takes."""

    card: Card
    load: Callable[[int | None, int | None], RowSplits]
    sources: tuple[Path, ...]
    """The files that the rows follow from."""
    generated: bool = False
