"""A series step by step: a line has the values of its columns, and the answer is what follows."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.series.codec import SeriesCodec
from rnnbuild.data.series.series import Series, Values
from rnnbuild.data.series.windows import as_single, by_window
from rnnbuild.errors import DataError
from rnnbuild.inference.decoding.answers import ForecastAnswer, StepAnswer
from rnnbuild.inference.decoding.decoder import Record
from rnnbuild.inference.stream.numbers import steps_in
from rnnbuild.inference.stream.stream import Advance


@dataclass(frozen=True)
class SeriesReader:
    """The model reads on where training began each window anew; the first answer comes as soon as
    the differences have what they look back to, and then one after each segment."""

    codec: SeriesCodec
    reads_blank_lines: bool = False

    @property
    def rows(self) -> int:
        """A row for each column, where each is forecast from itself."""
        shape = self.codec.shape
        return len(shape.inputs) if shape.apart else 1

    def steps(self, given: Any) -> list[list[float]]:
        names = self.codec.names
        return steps_in(given, len(names), f"a value for {', '.join(names)}")

    def recent_shape(self, steps: int) -> tuple[int, int]:
        return min(steps, self.codec.first_step), len(self.codec.names) if steps else 0

    def answer(
        self, step: list[float], steps: int, recent: Values, advance: Advance
    ) -> tuple[Record, Values]:
        """The forecast of each column, a value for each step of the horizon; none before the first
        segment is complete, or within a later one."""
        codec, others = self.codec, self.codec.first_step - 1
        row = np.array([step])
        recent = np.concatenate([recent[-others:], row]) if others and len(recent) else row
        after_lag = steps - codec.transforms.lag
        if after_lag <= 0 or after_lag % codec.shape.segment:
            return {"step": steps, **{name: [] for name in codec.targets}}, recent
        stages = codec.transforms.stages(Series(codec.names, recent, start=steps - len(recent)))
        outputs = advance(self._inputs(stages[-1], steps))
        forecasts = by_window(outputs.astype(np.float64), codec.shape)
        origins = np.array([len(recent) - 1], np.int64)
        targets = np.array(codec.shape.targets)
        (forecast,) = codec.transforms.back(forecasts, stages, origins, targets)
        columns = dict(zip(codec.targets, forecast.T.tolist(), strict=True))
        return {"step": steps, **columns}, recent

    def typed_answer(self, record: Record) -> StepAnswer:
        step, columns = record["step"], {name: tuple(record[name]) for name in self.codec.targets}
        if not all(columns.values()):
            return StepAnswer(step, None)
        ahead = range(step + 1, step + 1 + self.codec.shape.horizon)
        return StepAnswer(step, ForecastAnswer(tuple(map(str, ahead)), columns))

    def _inputs(self, learned: Values, steps: int) -> NDArray[np.float32]:
        """The last segment as one step of the model, (rows, columns)."""
        shape = self.codec.shape
        segment = learned[-shape.segment :, list(shape.inputs)]
        inputs = as_single(segment.T if shape.apart else segment.reshape(1, -1))
        if not np.isfinite(inputs).all():
            raise DataError(
                f"step {steps:,} is too large for the numbers that a model computes with",
                "leave the step out, or write numbers in a smaller unit",
            )
        return inputs
