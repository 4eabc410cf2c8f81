"""Data as training takes it, whatever its kind: numbers, sizes, and the way back from numbers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.data.examples.splits import SplitName, by_split
from rnnbuild.data.kind.codec import Codec
from rnnbuild.data.kind.finding import Finding
from rnnbuild.metrics.tasks import AnyAnswers
from rnnbuild.tasks.facts import DataFacts

Baselines = Mapping[str, AnyAnswers]
"""What each trivial method answers, by the method's name."""


@dataclass(frozen=True, eq=False)
class Loaded:
    """Three splits as numbers, and what else a run needs to know of its data."""

    facts: DataFacts
    codec: Codec
    """What made the splits, and makes what is predicted on."""
    train: Encoded
    validation: Encoded
    test: Encoded
    baselines: Callable[[SplitName], Baselines]
    """Trivial answers on a split, computed when asked for."""
    row_text: Callable[[SplitName, int], str]
    """A row of a split as a person reads it."""
    notes: tuple[str, ...] = ()
    """What is odd in the data and how it is treated, a sentence each."""
    health: Callable[[], Iterable[Finding]] = tuple
    """What would spoil a run or its scores, looked for when asked."""

    def split(self, name: SplitName) -> Encoded:
        """The examples of one split."""
        return by_split(self)[name]
