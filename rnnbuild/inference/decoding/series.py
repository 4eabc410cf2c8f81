"""Answers about a series: forecasts in its own units."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.data.series.codec import SeriesCodec
from rnnbuild.data.series.windows import Windows
from rnnbuild.inference.decoding.answers import Answer, ForecastAnswer, forecast_answer
from rnnbuild.inference.decoding.decoder import Record, no_probabilities
from rnnbuild.inference.decoding.sequences import recorded_numbers, wrong_forecast
from rnnbuild.metrics.forecasting import Forecasts
from rnnbuild.runs.answers_file import NumberAnswers
from rnnbuild.runs.metrics_file import WrongAnswer


@dataclass(frozen=True)
class SeriesDecoder:
    """Outputs are in the units that the model learns: (windows, outputs)."""

    answer: ClassVar[type[Answer]] = ForecastAnswer
    codec: SeriesCodec

    def rows_at_once(self, most: int) -> int:
        return most

    def reduce(self, outputs: NDArray[Any], targets: NDArray[Any]) -> NDArray[Any]:
        return outputs

    def answers(self, encoded: Encoded, outputs: NDArray[Any]) -> Forecasts:
        windows = windows_of(encoded)
        return self.codec.forecasts(windows, self.codec.in_original_unit(windows, outputs))

    def losses(self, encoded: Encoded, outputs: NDArray[Any]) -> NDArray[np.float64]:
        errors: NDArray[np.float64] = outputs.astype(np.float64) - encoded.targets
        return np.square(errors)

    def predictions(
        self, inputs: list[Any], encoded: Encoded, outputs: NDArray[Any]
    ) -> list[Record]:
        """A row for each step of the horizon, with its date, after the one series of `inputs`."""
        (series,) = inputs
        (forecast,) = self.codec.in_original_unit(windows_of(encoded), outputs)
        return self.codec.forecast_rows(series, forecast)

    def full_predictions(
        self, inputs: list[Any], encoded: Encoded, outputs: NDArray[Any]
    ) -> list[Record]:
        raise no_probabilities()

    def typed_answers(self, records: list[Record]) -> list[Answer]:
        """One, of all steps."""
        return [forecast_answer(records)]

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
        return recorded_numbers(answers, rows, self.codec.targets)


def windows_of(encoded: Encoded) -> Windows:
    """The examples of a series, which contain their positions in it."""
    if not isinstance(encoded, Windows):
        raise TypeError(f"expected the windows of a series, got {type(encoded).__name__}")
    return encoded
