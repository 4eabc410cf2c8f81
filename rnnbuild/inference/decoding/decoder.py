"""How a model's outputs become answers: the interface of each kind of data."""

import math
from collections.abc import Sequence
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import UNSEEN, Encoded
from rnnbuild.errors import ArgumentError
from rnnbuild.inference.decoding.answers import Answer
from rnnbuild.metrics.tasks import AnyAnswers
from rnnbuild.runs.answers_file import Label, Number, RecordedAnswers
from rnnbuild.runs.metrics_file import Mistake

Record = dict[str, Any]
SMALLEST_PROBABILITY = 1e-7
"""Keras' losses clip probabilities at this."""


class Decoder(Protocol):
    """Turns outputs into answers, for evaluation, prediction and exports.

    The model computes outputs batch by batch; `reduce` turns each batch's into what the other
    functions take, so that the outputs of a whole split need not be in memory.
    """

    answer: ClassVar[type[Answer]]
    """What an answer is for Python programs."""

    def rows_at_once(self, most: int) -> int:
        """Number of examples that may go through the model together: `most`, or fewer."""
        ...

    def reduce(self, outputs: NDArray[Any], targets: NDArray[Any]) -> NDArray[Any]:
        """What is kept of a batch's outputs, (B, ...) or (B, T, ...), with as many leading axes.

        `targets` are the batch's, UNSEEN where there is none.
        """
        ...

    def answers(self, encoded: Encoded, outputs: NDArray[Any]) -> AnyAnswers:
        """Reduced outputs beside the targets, as the metrics take them."""
        ...

    def losses(self, encoded: Encoded, outputs: NDArray[Any]) -> NDArray[np.float64]:
        """The loss of each answer whose target is known; training minimises their mean.

        The squared error in the units that the model learns, or the cross-entropy in nats. The loss
        of training (`models/losses.py`) takes a batch's outputs as TensorFlow made them, with the
        logits behind them; these are reduced, and of a whole split.
        """
        ...

    def predictions(
        self, inputs: list[Any], encoded: Encoded, outputs: NDArray[Any]
    ) -> list[Record]:
        """The model's answer to each input, as plain values, in the order of the inputs."""
        ...

    def full_predictions(
        self, inputs: list[Any], encoded: Encoded, outputs: NDArray[Any]
    ) -> list[Record]:
        """As `predictions`, from outputs that are not reduced, with every `probabilities`.

        Raises ArgumentError where answers have none.
        """
        ...

    def typed_answers(self, records: list[Record]) -> list[Answer]:
        """The same answers for Python programs."""
        ...

    def mistake(self, answers: Any, row: int, text: str, badness: float | None) -> Mistake:
        """Target and prediction of one row, from 0; `answers` are this decoder's.

        A label that the training split lacks is None.
        """
        ...

    def recorded(
        self, answers: Any, outputs: NDArray[Any], rows: NDArray[np.int64], texts: Sequence[str]
    ) -> RecordedAnswers:
        """The answers to `rows`, from 0, as a run's folder keeps them; `texts` are those of rows.

        `answers` are this decoder's, to all rows of `outputs`.
        """
        ...


def no_probabilities() -> ArgumentError:
    """The error where the answers are numbers."""
    return ArgumentError(
        "a forecast has no probabilities: the model computes numbers", "leave `probabilities` out"
    )


def cross_entropy(probabilities: NDArray[Any]) -> NDArray[np.float64]:
    """The cross-entropy in nats, from the probabilities of the targets."""
    given = probabilities.astype(np.float64)
    return np.asarray(-np.log(np.maximum(given, SMALLEST_PROBABILITY)))


def rounded(numbers: NDArray[Any]) -> list[Any]:
    """The numbers to six digits, as in all answers."""
    return numbers.astype(np.float64).round(6).tolist()  # type: ignore[no-any-return]


def finite_or_none(number: float) -> float | None:
    """The number to six digits; None if it is not finite, which JSON cannot express."""
    return round(float(number), 6) if math.isfinite(number) else None


def finite(numbers: NDArray[Any]) -> tuple[Number, ...]:
    """The numbers (rows,), None for one that is not finite.

    Those of single precision have the few digits that give them back to the last bit.
    """
    if numbers.dtype == np.float32:
        numbers = numbers.astype("U").astype(np.float64)
    if np.isfinite(numbers).all():
        return tuple(numbers.tolist())
    return tuple(number if math.isfinite(number) else None for number in numbers.tolist())


def label_places(labels: NDArray[Any]) -> tuple[Label, ...]:
    """Label numbers (rows,), None for UNSEEN."""
    return tuple(None if label == UNSEEN else label for label in labels.tolist())


def name_of(label: int, labels: tuple[str, ...]) -> str | None:
    """A label's name; None for UNSEEN."""
    return None if label == UNSEEN else labels[label]
