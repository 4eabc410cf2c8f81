"""Answers about sequences of numbers: the model's outputs, unchanged."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.data.sequences.codec import SequencesCodec
from rnnbuild.inference.decoding.answers import Answer, NumbersAnswer
from rnnbuild.inference.decoding.decoder import (
    Record,
    finite_or_none,
    no_probabilities,
    rounded,
)
from rnnbuild.metrics.forecasting import Forecasts
from rnnbuild.runs.metrics_file import WrongAnswer


@dataclass(frozen=True)
class SequencesDecoder:
    """Outputs are numbers in the units of the targets: (rows, outputs)."""

    codec: SequencesCodec

    def rows_at_once(self, most: int) -> int:
        return most

    def reduce(self, outputs: NDArray[Any], targets: NDArray[Any]) -> NDArray[Any]:
        return outputs

    def answers(self, encoded: Encoded, outputs: NDArray[Any]) -> Forecasts:
        return Forecasts(encoded.targets, outputs)

    def losses(self, encoded: Encoded, outputs: NDArray[Any]) -> NDArray[np.float64]:
        errors: NDArray[np.float64] = outputs.astype(np.float64) - encoded.targets
        return np.square(errors)

    def predictions(
        self, inputs: list[Any], encoded: Encoded, outputs: NDArray[Any]
    ) -> list[Record]:
        return [{"prediction": row} for row in rounded(outputs)]

    def full_predictions(
        self, inputs: list[Any], encoded: Encoded, outputs: NDArray[Any]
    ) -> list[Record]:
        raise no_probabilities()

    def typed_answers(self, records: list[Record]) -> list[Answer]:
        return [NumbersAnswer(tuple(record["prediction"])) for record in records]

    def mistake(
        self, answers: Forecasts, row: int, text: str, badness: float | None
    ) -> WrongAnswer:
        return wrong_forecast(answers, row, text, badness)


def wrong_forecast(answers: Forecasts, row: int, text: str, badness: float | None) -> WrongAnswer:
    """All numbers of row `row`, counted from 0; None where one is not finite."""
    target, prediction = (
        tuple(map(finite_or_none, numbers[row]))
        for numbers in (answers.targets, answers.predictions)
    )
    return WrongAnswer(row + 1, text, badness, target, prediction)
