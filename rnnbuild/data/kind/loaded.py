"""Data as training takes it, whatever its kind: numbers, sizes, and their codec."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.data.examples.splits import SplitName, by_split
from rnnbuild.data.kind.codec import Codec
from rnnbuild.data.kind.finding import Finding
from rnnbuild.metrics.tasks import AnyAnswers
from rnnbuild.tasks.facts import DataFacts

Baselines = Mapping[str, AnyAnswers]
"""The answers of each trivial method, by its name."""


@dataclass(frozen=True, eq=False)
class OnRequest(Mapping[str, AnyAnswers]):
    """Trivial answers that are computed when they are looked up, each on its own."""

    methods: Mapping[str, Callable[[], AnyAnswers]]

    def __getitem__(self, name: str) -> AnyAnswers:
        return self.methods[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self.methods)

    def __len__(self) -> int:
        return len(self.methods)


@dataclass(frozen=True, eq=False)
class Loaded:
    """Three splits as numbers, and whatever else a run needs to know about its data."""

    facts: DataFacts
    codec: Codec
    """The codec that encoded the splits, and that encodes the input of predict."""
    train: Encoded
    validation: Encoded
    test: Encoded
    baselines: Callable[[SplitName], Baselines]
    """The trivial answers on a split, computed on request."""
    row_text: Callable[[SplitName, int], str]
    """A row of a split as a person reads it."""
    row_place: Callable[[SplitName, int], str] = lambda name, row: ""
    """`file:line` where a row of a split begins, the file relative to the data's folder; empty
    where the data has no files with a row a line."""
    target_text: Callable[[SplitName, int], str] | None = None
    """The target of a row as it was read, where the codec may know a part of it alone."""
    dates: Callable[[SplitName], Sequence[str]] | None = None
    """The date of the first step that each row of a split forecasts, or that step's number."""
    settled: Mapping[str, Any] = field(default_factory=dict)
    """Keys of `data` that a config may leave open, with the values that this data gives them."""
    notes: tuple[str, ...] = ()
    """Oddities of the data and how they are treated, a sentence each."""
    try_optional: Callable[[], tuple[str, ...]] = tuple
    """Imports what is optional and needed after training; a sentence for each that is broken."""
    health: Callable[[], Iterable[Finding]] = tuple
    """Findings on what would spoil a run or its scores, computed on request."""
    health_of_batches: Callable[[int], Iterable[Finding]] = lambda batch_size: ()
    """Those that depend on the number of rows in a batch."""

    def split(self, name: SplitName) -> Encoded:
        """The examples of one split."""
        return by_split(self)[name]
