"""Data as training takes it, whatever its kind: numbers, sizes, and their codec."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.data.examples.splits import SplitName, by_split
from rnnbuild.data.kind.codec import Codec
from rnnbuild.data.kind.finding import Finding
from rnnbuild.metrics.tasks import AnyAnswers
from rnnbuild.tasks.facts import DataFacts

Baselines = Mapping[str, AnyAnswers]
"""The answers of each trivial method, by its name."""


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
    notes: tuple[str, ...] = ()
    """Oddities of the data and how they are treated, a sentence each."""
    health: Callable[[], Iterable[Finding]] = tuple
    """Findings on what would spoil a run or its scores, computed on request."""

    def split(self, name: SplitName) -> Encoded:
        """The examples of one split."""
        return by_split(self)[name]
