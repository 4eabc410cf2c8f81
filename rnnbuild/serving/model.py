"""The model that is served, and what it can do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from rnnbuild.errors import RnnbuildError
from rnnbuild.export.opening import open_run
from rnnbuild.inference.questions import Answer, Question, UnansweredError, answers_together
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


ENCODER = msgspec.json.Encoder()

Work = Question | Callable[[], Any]
"""What waits for the model: a question, or a function that computes with it."""


def results_of(trained: TrainedRun, most_tokens: int, turn: Sequence[Work]) -> list[Any]:
    """The result of all work of a turn, in its order, or the error that it raised.

    Questions are answered together. What an input has too many tokens for is not answered; the
    answers are JSON, one an input, which costs the event loop nothing here.
    """
    questions = [one for one in turn if isinstance(one, Question)]
    answers = iter(answers_together(trained, questions, most_tokens))
    return [in_json(next(answers)) if isinstance(one, Question) else result_of(one) for one in turn]


def in_json(answers: list[Answer] | UnansweredError) -> list[msgspec.Raw] | UnansweredError:
    """Each answer as JSON."""
    if isinstance(answers, UnansweredError):
        return answers
    return [msgspec.Raw(ENCODER.encode(answer)) for answer in answers]


def result_of(function: Callable[[], Any]) -> Any:
    """What a function returns, or the error that it raised."""
    try:
        return function()
    except RnnbuildError as error:
        return error
