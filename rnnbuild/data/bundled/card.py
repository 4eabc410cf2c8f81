"""What is to be known of a bundled dataset."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from rnnbuild.data.rows.rows import Rows, RowSplits
from rnnbuild.data.sequences.codec import SequenceSplits
from rnnbuild.data.series.series import BundledSeries
from rnnbuild.data.text.tokeniser import Level
from rnnbuild.tasks.facts import Task


@dataclass(frozen=True)
class Card:
    """`rows` are those of train, validation and test as the dataset comes by default."""

    name: str
    task: Task
    level: Level | None
    """What a step of its text is; None where it is numbers."""
    title: str
    rows: tuple[int, int, int]
    origin: str
    """Where it is from, or how it is made."""
    licence: str
    teaches: str
    """What training on it shows."""
    best: str
    """The best score that is possible, where that is known."""
    reached: str = ""
    """What the config of the same name was seen to reach on the test split."""
    paper: str = ""


OptionName = Literal["length", "size", "seed"]
"""The keys of `data` that a dataset may take for its own."""


@dataclass(frozen=True)
class Option:
    """A whole number that a config may state, and what it is where the config leaves it open."""

    default: int
    least: int
    most: int | None = None


SEED = Option(default=1, least=0)


@dataclass(frozen=True)
class Dataset:
    """`load` is called with every one of `options` by name, and with nothing else."""

    card: Card
    load: Callable[..., RowSplits | SequenceSplits | BundledSeries]
    sources: tuple[Path, ...]
    """The files that the rows follow from."""
    options: Mapping[OptionName, Option] = field(default_factory=dict)
    """What the rows may be asked for; nothing where they are fixed."""

    bounds: Mapping[str, Callable[[Rows], float]] = field(default_factory=dict)
    """The best score that a kind of model can have on given rows, counted from these rows."""

    @property
    def defaults(self) -> dict[OptionName, int]:
        return {name: option.default for name, option in self.options.items()}
