"""What tasks differ in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from rnnbuild.tasks.facts import DataFacts, Task

ScoredAs = Literal[
    "binary", "multiclass", "multi_label", "tag", "entities", "forecast", "translate"
]
"""How answers are scored; `metrics.tasks` has the metrics of each."""


@dataclass(frozen=True)
class Head:
    """Units and activation of the last Dense layer."""

    units: int
    activation: str


@dataclass(frozen=True)
class StatedHead:
    """The same as a config states it; None where it leaves one open."""

    units: int | None
    activation: str | None


@dataclass(frozen=True)
class TaskTraits:
    """One task, by what the rest of the program needs to know of it."""

    name: Task
    target: Literal["label", "tags", "text", "numbers"]
    """What a row is trained towards: a label (or a set of them), a tag for each word, another
    text, or numbers."""
    answers_at: Literal["example", "input step", "output step"]
    """An answer for the whole example, for each step of the input, or for each step that a
    decoder writes."""
    columns: tuple[str, str]
    """The columns of input and target where nothing names them."""
    head: Callable[[DataFacts, StatedHead], Head]
    """The head that fits the data; what a config states decides only where there is a choice."""
    scored_as: Callable[[tuple[str, ...], bool], ScoredAs]
    """How answers are scored, by the labels and whether a row has several of them."""
    label_name: str = "label"
    """What a label is called, where there are any."""
    labelled: str = "examples"
    """What has a label each, in the plural."""
    keys: tuple[str, ...] = ()
    """Keys of `data` that some tasks have no use for, and this one has."""
    telling_keys: tuple[str, ...] = ()
    """Keys of `data` that state this task by being there."""
    formats: tuple[str, ...] = ()
    """File formats that hold data for this task alone."""

    @property
    def answers_every_step(self) -> bool:
        """Whether the head answers at every step that it is given, so that nothing may pool."""
        return self.answers_at != "example"

    @property
    def takes_words(self) -> bool:
        """Whether rows come as words already, each with a target of its own."""
        return self.target == "tags"

    @property
    def has_decoder(self) -> bool:
        """Whether what is answered has steps of its own, apart from the input's."""
        return self.answers_at == "output step"

    @property
    def has_labels(self) -> bool:
        """Whether answers are names out of a list that the training rows give."""
        return self.target in ("label", "tags")

    @property
    def squared_error(self) -> bool:
        """Whether the squared error is minimised; else it is the cross-entropy."""
        return self.target == "numbers"
