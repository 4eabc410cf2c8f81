"""The type of a proposal: a task, the keys of `data`, and what is to be said of them."""

from dataclasses import dataclass, replace
from typing import Any

from rnnbuild.config.commented import Choice, plain_keys
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.table import TASKS


@dataclass(frozen=True)
class Stated:
    """What is known before the files are looked at."""

    text: str | None = None
    """The column of texts."""
    label: str | None = None
    task: Task | None = None

    @property
    def columns(self) -> bool:
        """Whether columns of text are stated, so that it is no series."""
        return self.text is not None or self.label is not None

    @property
    def may_be_series(self) -> bool:
        numbers = self.task is None or TASKS[self.task].target == "numbers"
        return numbers and not self.columns


@dataclass(frozen=True)
class Proposal:
    """What could be learned from files, and how they are read."""

    task: Task
    choices: tuple[Choice, ...]
    """Keys of `data`, with what was seen."""
    seen: tuple[tuple[str, str], ...]
    """What was seen, in a few words each, by what it is about."""
    size: str = ""
    """How much there is to learn from, in a few words."""
    undecided: tuple[str, ...] = ()
    """What the files leave open, with the key that decides otherwise: sentences."""
    task_stated: bool = False
    """Whether the config has to state the task, as neither format nor columns say it."""

    @property
    def keys(self) -> dict[str, Any]:
        """The keys of `data`."""
        return plain_keys(self.choices, "data")

    def with_choices(self, *choices: Choice, before: bool = False) -> "Proposal":
        more = (*choices, *self.choices) if before else (*self.choices, *choices)
        return replace(self, choices=more)
