"""The description of a bundled dataset."""

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
    """`rows` are those of train, validation and test by default; of running text, its tokens."""

    name: str
    task: Task
    level: Level | None
    """What a step of its text is; None for numbers."""
    title: str
    rows: tuple[int, int, int]
    origin: str
    """Where it comes from, or how it is generated."""
    licence: str
    teaches: str
    """What training on it shows."""
    best: str
    """The best possible score, where it is known."""
    reached: str = ""
    """What the config of the same name reached on the test split."""
    paper: str = ""


OptionName = Literal["length", "size", "seed"]
"""The keys of `data` that may be options of a dataset."""
Options = Mapping[OptionName, int]
"""Values of them."""


@dataclass(frozen=True)
class Option:
    """A whole number that a config may state, with its default and its limits."""

    default: int
    least: int
    most: int | None = None


SEED = Option(default=1, least=0)
SHORT_SEED = Option(default=1, least=0, most=2**32 - 1)
"""Of what is made with NumPy's RandomState, which takes no more."""


@dataclass(frozen=True)
class Dataset:
    """`load` is called with every one of `options` by name, and with nothing else."""

    card: Card
    load: Callable[..., RowSplits | SequenceSplits | BundledSeries]
    sources: tuple[Path, ...]
    """The files that determine the rows: of fixed rows the data, of generated ones the program."""
    options: Mapping[OptionName, Option] = field(default_factory=dict)
    """The options of generated rows; empty where the rows are fixed."""

    bounds: Mapping[str, Callable[[Rows], float]] = field(default_factory=dict)
    """The best score of a kind of model on given rows, counted from these rows."""
    source_scores: Mapping[str, Callable[[Rows, Options], float]] = field(default_factory=dict)
    """The main metric, on given rows, of what knows how they are generated with these options:
    only luck is better."""

    @property
    def is_generated(self) -> bool:
        """Whether the rows are computed from options, rather than read from `sources`."""
        return bool(self.options)

    @property
    def defaults(self) -> dict[OptionName, int]:
        return {name: option.default for name, option in self.options.items()}
