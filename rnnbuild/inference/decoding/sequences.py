"""Answers about sequences of numbers: the model's outputs, unchanged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.data.sequences.codec import SequencesCodec
from rnnbuild.inference.decoding.answers import Answer, NumbersAnswer
from rnnbuild.inference.decoding.decoder import (
    Record,
    finite,
    finite_or_none,
    no_probabilities,
    rounded,
)
from rnnbuild.metrics.forecasting import Forecasts
from rnnbuild.metrics.tasks import metrics_for
from rnnbuild.runs.answers_file import MOST_NUMBERS, MOST_ROWS, NumberAnswers
from rnnbuild.runs.metrics_file import WrongAnswer


@dataclass(frozen=True)
class SequencesDecoder:
    """Outputs are numbers in the units of the targets: (rows, outputs)."""

    answer: ClassVar[type[Answer]] = NumbersAnswer
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

    def recorded(
        self,
        answers: Forecasts,
        outputs: NDArray[Any],
        rows: NDArray[np.int64],
        texts: Sequence[str],
    ) -> NumberAnswers:
        return recorded_numbers(answers, rows)


def recorded_numbers(
    answers: Forecasts, rows: NDArray[np.int64], names: tuple[str, ...] = ()
) -> NumberAnswers:
    """The errors of all numbers of each row, and the first numbers, as many as there is room for.

    `names` are the columns of a series.
    """
    outputs = answers.targets.shape[1]
    room = MOST_NUMBERS // max(1, min(len(answers.targets), MOST_ROWS))
    first = slice(min(outputs, max(1, room)))
    targets, predictions = (
        tuple(finite(seven_digits(row)) for row in numbers[rows, first])
        for numbers in (answers.targets, answers.predictions)
    )
    statistics = dict.fromkeys(metric.statistics for metric in metrics_for(answers))
    return NumberAnswers(
        names=names,
        outputs=outputs,
        targets=targets,
        predictions=predictions,
        errors={each.__name__: finite(each(answers)[rows, 0]) for each in statistics},
    )


def seven_digits(numbers: NDArray[Any]) -> NDArray[np.float64]:
    return np.array([float(f"{number:.7g}") for number in numbers.tolist()])


def wrong_forecast(answers: Forecasts, row: int, text: str, badness: float | None) -> WrongAnswer:
    """All numbers of row `row`, counted from 0; None where one is not finite."""
    target, prediction = (
        tuple(map(finite_or_none, numbers[row]))
        for numbers in (answers.targets, answers.predictions)
    )
    return WrongAnswer(row + 1, text, badness, target, prediction)
