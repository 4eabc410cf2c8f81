"""The model that is served, and what it can do."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from rnnbuild.data.bundled.example import bundled_example
from rnnbuild.data.kind.codec import ContinuingCodec, ExampleCodec
from rnnbuild.export.opening import open_run, open_stream
from rnnbuild.inference.generation.opening import writing_codec
from rnnbuild.inference.generation.writer import TextWriter
from rnnbuild.inference.questions import Answer, Question, answers_together
from rnnbuild.inference.stream.opening import NotStepByStepError
from rnnbuild.inference.stream.stream import Stream
from rnnbuild.inference.trained_run import TrainedRun
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.table import TASKS


@dataclass(frozen=True, eq=False)
class ServedModel:
    """A run or an export, opened to answer."""

    name: str
    """The folder's name."""
    trained: TrainedRun
    stream: Stream | NotStepByStepError
    """What answers step by step, or why nothing does."""

    @property
    def task(self) -> Task:
        return self.trained.task

    @cached_property
    def example(self) -> Any:
        """An input to try; None where none is known. Rows of a user's own data are shown to
        nobody."""
        codec, data = self.trained.codec, self.trained.data
        example = bundled_example(data)
        if example is not None or not isinstance(codec, ExampleCodec):
            return example
        own = isinstance(codec, ContinuingCodec) and data.dataset is None
        return None if own else codec.example

    @cached_property
    def writer(self) -> TextWriter | None:
        """What writes text, where the model does: by the steps of its stream."""
        if not TASKS[self.task].goes_on_with_text or isinstance(self.stream, NotStepByStepError):
            return None
        return TextWriter(writing_codec(self.trained.codec, self.name), self.stream.model)


FIRST_ROWS = 512
"""Of 16 steps each: a batch for the kernels, and not for onnxruntime."""


def open_model(path: Path, before_keras: Callable[[], None] = lambda: None) -> ServedModel:
    """The model in a run's folder or an export's. Raises what `open_run` raises."""
    trained = open_run(path, before_keras)
    compute_first(trained)
    stream: Stream | NotStepByStepError
    try:
        stream, _ = open_stream(path)
    except NotStepByStepError as error:
        stream = error
    return ServedModel(path.resolve().name, trained, stream)


def compute_first(trained: TrainedRun) -> None:
    """Computes a small and a large batch, so that no request is the first of its kind: kernels are
    loaded then, or Keras makes its graphs, which takes seconds."""
    columns = trained.codec.model_sizes.columns
    for rows in (1, FIRST_ROWS):
        tokens, numbers = np.ones((rows, 16), np.int32), np.zeros((rows, 16, columns or 0))
        # Whatever a model of another length raises, requests do not.
        with suppress(Exception):
            trained.forward(tokens if columns is None else numbers.astype(np.float32))


ENCODER = msgspec.json.Encoder()

STEP_TOKENS = 16
"""A step by itself takes the model about as long as so many tokens of a batch."""
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


def in_json(answers: list[Answer] | Exception) -> list[msgspec.Raw] | Exception:
    """Each answer as JSON."""
    if isinstance(answers, Exception):
        return answers
    return [msgspec.Raw(ENCODER.encode(answer)) for answer in answers]


def result_of(function: Callable[[], Any]) -> Any:
    """What a function returns, or the error that it raised."""
    try:
        return function()
    except Exception as error:  # also a fault of ours: whoever asked gets it, nobody else
        return error
