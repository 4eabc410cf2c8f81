"""The model that is served, and what it can do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rnnbuild.errors import RnnbuildError
from rnnbuild.export.opening import open_run
from rnnbuild.inference.questions import Question, answers_together
from rnnbuild.inference.trained_run import TrainedRun
from rnnbuild.tasks.facts import Task


@dataclass(frozen=True, eq=False)
class ServedModel:
    """A run or an export, opened to answer."""

    name: str
    """The folder's name."""
    trained: TrainedRun

    @property
    def task(self) -> Task:
        return self.trained.task


def open_model(path: Path, before_keras: Callable[[], None] = lambda: None) -> ServedModel:
    """The model in a run's folder or an export's. Raises what `open_run` raises."""
    return ServedModel(path.resolve().name, open_run(path, before_keras))


Work = Question | Callable[[], Any]
"""What waits for the model: a question, or a function that computes with it."""


def results_of(trained: TrainedRun, turn: Sequence[Work]) -> list[Any]:
    """The result of all work of a turn, in its order, or the error that it raised; questions are
    answered together."""
    answers = iter(answers_together(trained, [one for one in turn if isinstance(one, Question)]))
    return [next(answers) if isinstance(one, Question) else result_of(one) for one in turn]


def result_of(function: Callable[[], Any]) -> Any:
    """What a function returns, or the error that it raised."""
    try:
        return function()
    except RnnbuildError as error:
        return error
