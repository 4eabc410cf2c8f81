"""What every kind of data gives so that a model's outputs become answers."""

import math
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import UNSEEN, Encoded
from rnnbuild.metrics.tasks import AnyAnswers
from rnnbuild.runs.metrics_file import Mistake

Record = dict[str, Any]
SMALLEST_PROBABILITY = 1e-7
"""What Keras' losses clip probabilities at."""


class Decoder(Protocol):
    """The one way from outputs to answers, for evaluation, prediction and exports.

    Outputs go through the model batch by batch; `reduced` makes of each batch's what the other
    functions take, so that the outputs of a whole split need not be in memory.
    """

    def rows_at_once(self, most: int) -> int:
        """How many examples may go through the model together: `most`, or fewer."""
        ...

    def reduced(self, outputs: NDArray[Any], targets: NDArray[Any]) -> NDArray[Any]:
        """What is held of a batch's outputs, (B, ...) or (B, T, ...) with as many leading axes.

        `targets` are the batch's, UNSEEN where there is none.
        """
        ...

    def answers(self, encoded: Encoded, outputs: NDArray[Any]) -> AnyAnswers:
        """Reduced outputs beside the targets, as the metrics take them."""
        ...

    def losses(self, encoded: Encoded, outputs: NDArray[Any]) -> NDArray[np.float64]:
        """What training minimises the mean of, for each answer whose target is known.

        The squared error in the units that are learned, or the cross-entropy in nats. The loss of
        training (`models/losses.py`) takes a batch's outputs as TensorFlow made them, with the
        logits behind them; these are reduced, and of a whole split.
        """
        ...

    def predictions(
        self, inputs: list[Any], encoded: Encoded, outputs: NDArray[Any]
    ) -> list[Record]:
        """What the model answers to each input, as plain values, in the order of the inputs."""
        ...

    def mistake(self, answers: Any, row: int, text: str, badness: float | None) -> Mistake:
        """Target and prediction of one row, from 0; `answers` are this decoder's.

        A label that the training split lacks is None.
        """
        ...


def cross_entropy(probabilities: NDArray[Any]) -> NDArray[np.float64]:
    """Nats, from the probabilities given to targets."""
    given = probabilities.astype(np.float64)
    return np.asarray(-np.log(np.maximum(given, SMALLEST_PROBABILITY)))


def rounded(numbers: NDArray[Any]) -> list[Any]:
    """Six digits, as all answers have them."""
    return numbers.astype(np.float64).round(6).tolist()  # type: ignore[no-any-return]


def finite(number: float) -> float | None:
    """Six digits of a number; None for what JSON has no word for."""
    return round(float(number), 6) if math.isfinite(number) else None


def name_of(label: int, labels: tuple[str, ...]) -> str | None:
    """A label's name; None for UNSEEN."""
    return None if label == UNSEEN else labels[label]
