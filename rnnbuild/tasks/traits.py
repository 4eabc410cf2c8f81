"""The type of a task: how tasks differ."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from rnnbuild.tasks.facts import DataFacts, Task

ScoredAs = Literal[
    "binary",
    "multiclass",
    "multi_label",
    "tag",
    "entities",
    "forecast",
    "forecast_units",
    "translate",
    "language_model",
]
"""How answers are scored; `metrics.tasks` has the metrics of each."""


@dataclass(frozen=True)
class Head:
    """Units and activation of the last Dense layer."""

    units: int
    activation: str


@dataclass(frozen=True)
class StatedHead:
    """Units and activation as the config states them; None for what it leaves open."""

    units: int | None
    activation: str | None


@dataclass(frozen=True)
class TaskTraits:
    """A task, as the rest of the program needs to know it."""

    name: Task
    target: Literal["label", "tags", "text", "numbers", "next token"]
    """The target of a row: a label (or a set of labels), a tag for each word, another text,
    numbers, or at each step the text's own next token."""
    answers_at: Literal["example", "input step", "output step"]
    """Whether there is an answer for the whole example, for each step of the input, or for each
    step that a decoder writes."""
    columns: tuple[str, str]
    """The columns of input and target unless the config names others."""
    head: Callable[[DataFacts, StatedHead], Head]
    """The head that fits the data; the config decides only where there is a choice."""
    scored_as: Callable[[DataFacts], ScoredAs]
    """How answers are scored, given what is known of the data."""
    does: str
    """What a model does, as a verb: it `forecasts`."""
    example: str = "example"
    """What a row is called that is scored."""
    label_name: str = "label"
    """What a label is called, where there are any."""
    labelled: str = "examples"
    """What has a label each, in the plural."""
    keys: tuple[str, ...] = ()
    """Keys of `data` that this task uses and some others do not."""
    idle_keys: tuple[str, ...] = ()
    """Keys of `data` for text, as dotted paths, that do nothing for this task."""
    telling_keys: tuple[str, ...] = ()
    """Keys of `data` whose presence implies this task."""
    formats: tuple[str, ...] = ()
    """File formats that are only for this task."""

    @property
    def needs(self) -> str:
        """What its files must contain."""
        return {
            "label": "a label for each row",
            "tags": "a tag for each word",
            "text": "pairs of texts",
            "numbers": "numbers",
            "next token": "running text",
        }[self.target]

    @property
    def answers_every_step(self) -> bool:
        """Whether the head answers at every step of its input, so that no layer may pool."""
        return self.answers_at != "example"

    @property
    def takes_words(self) -> bool:
        """Whether rows are given as words, each with a target of its own."""
        return self.target == "tags"

    @property
    def sees_what_follows(self) -> bool:
        """Whether the model may read the steps after the one that it answers at."""
        return self.target != "next token"

    @property
    def goes_on_with_text(self) -> bool:
        """Whether the answer goes on with the input, so that a model can write."""
        return self.target == "next token"

    @property
    def has_decoder(self) -> bool:
        """Whether the answer has steps of its own, apart from the input's."""
        return self.answers_at == "output step"

    @property
    def has_labels(self) -> bool:
        """Whether answers are names from the list of labels in the training rows."""
        return self.target in ("label", "tags")

    @property
    def squared_error(self) -> bool:
        """Whether the squared error is minimised, rather than the cross-entropy."""
        return self.target == "numbers"
