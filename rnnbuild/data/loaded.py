"""Data as training takes it, whatever its kind: numbers, sizes, and the way back from numbers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from rnnbuild.config.facts import DataFacts, Task
from rnnbuild.data.encoded import Encoded
from rnnbuild.data.health.finding import Finding
from rnnbuild.metrics.tasks import AnyAnswers

SplitName = Literal["train", "validation", "test"]
Baselines = Mapping[str, AnyAnswers]
"""What each trivial method answers, by the method's name."""


class Codec(Protocol):
    """What turns a kind of input into numbers; saved with a run, and used again by predict."""

    @property
    def kind(self) -> str:
        """Which codec this is, in its JSON: see `rnnbuild.data.codecs`."""

    @property
    def task(self) -> Task:
        """What its inputs are read for."""

    def to_json(self) -> str:
        """All that it takes to make the codec again."""


@dataclass(frozen=True, eq=False)
class Loaded:
    """Three splits as numbers, and what else a run needs to know of its data."""

    facts: DataFacts
    codec: Any
    """One of `rnnbuild.data.codecs`."""
    train: Encoded
    validation: Encoded
    test: Encoded
    baselines: Callable[[SplitName], Baselines]
    """Trivial answers on a split, computed when asked for."""
    shown: Callable[[SplitName, int], str]
    """A row of a split as a person reads it."""
    notes: tuple[str, ...] = ()
    """What is odd in the data and how it is treated, a sentence each."""
    health: Callable[[], Iterable[Finding]] = tuple
    """What would spoil a run or its scores, looked for when asked."""

    def split(self, name: SplitName) -> Encoded:
        splits: dict[SplitName, Encoded] = {
            "train": self.train,
            "validation": self.validation,
            "test": self.test,
        }
        return splits[name]
