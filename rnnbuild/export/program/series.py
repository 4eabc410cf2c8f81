"""What follows a series: its last steps into a window, and outputs in the original unit."""

from typing import Any

import numpy as np

from rnnbuild.data.series.frequency import Frequency
from rnnbuild.data.series.invertible import (
    Difference,
    Log,
    Standardise,
    Step,
    Values,
    inverted,
)
from rnnbuild.export.program.reader import (
    AT_ONCE,
    Advance,
    Answer,
    Array,
    InputError,
    as_single,
    numbers_in,
    numbers_of_step,
)


class SeriesReader:
    """`codec` is the content of codec.json.

    An input is a series: a list of steps, each a list of the columns' numbers in the order of
    `names`. None is the end of the series that the model was trained with.
    """

    goes_on = True
    reads_blank_lines = False
    at_once = AT_ONCE

    def __init__(self, codec: dict[str, Any]):
        self.names: list[str] = codec["names"]
        self.transforms = [step_of(saved) for saved in codec["transforms"]]
        self.end, self.shape = codec["end"], codec["shape"]
        self.frequency = Frequency(**codec["frequency"]) if codec["frequency"] else None

    @property
    def lag(self) -> int:
        """Steps before a window that the differences need."""
        return sum(step.lag for step in self.transforms)

    def stages(self, given: Any) -> list[Values]:
        """The values before the first transform, after it, ..., and after the last."""
        given = self.end["values"] if given is None else given
        return self.stages_of(numbers_in(given, self.shape["window"] + self.lag, len(self.names)))

    def stages_of(self, values: Values) -> list[Values]:
        stages = [values]
        for step in self.transforms:
            if isinstance(step, Log) and np.nanmin(stages[-1]) <= 0:
                raise InputError("without a logarithm where a number is not above 0")
            stages.append(step.forward(stages[-1]))
        return stages

    def window(self, learned: Values) -> tuple[Values, Values]:
        """The last steps of all columns, and what is subtracted from each: 0 or its mean or end."""
        window = learned[-self.shape["window"] :]
        base = np.zeros(window.shape[1])
        if self.shape["subtract"] is not None:
            base = window.mean(axis=0) if self.shape["subtract"] == "mean" else window[-1]
        return window - base, base

    def rows(self, given: Any) -> list[Array]:
        window, _ = self.window(self.stages(given)[-1])
        read = window[:, self.shape["inputs"]]
        # Each column is a row of its own where they are forecast apart.
        parts = list(read.T[:, :, np.newaxis]) if self.shape["apart"] else [read]
        segments = self.shape["window"] // self.shape["segment"]
        return [as_single(part.reshape(segments, -1)) for part in parts]

    def answer(self, given: Any, outputs: list[Array]) -> list[Answer]:
        """A record for each step of the horizon."""
        stages, targets = self.stages(given), self.shape["targets"]
        base = self.window(stages[-1])[1][targets]
        values = self.in_original_unit(stages, np.array(outputs), base)
        when = "step" if given is not None or self.end["dates"] is None else "date"
        names = [self.names[column] for column in targets]
        return [
            {when: self.after_end(given, len(stages[0]), step)} | dict(zip(names, row, strict=True))
            for step, row in enumerate(values.tolist(), 1)
        ]

    def in_original_unit(self, stages: list[Values], outputs: Array, base: Any) -> Values:
        """The forecasts (horizon, targets) after the last step of `stages`.

        `outputs` are a row's, or each column's where they are forecast apart; `base` was subtracted
        from what the model read.
        """
        table = outputs.astype(np.float64)
        forecasts = table.T if self.shape["apart"] else table.reshape(self.shape["horizon"], -1)
        origin, targets = np.array([len(stages[0]) - 1]), np.array(self.shape["targets"])
        whole = (forecasts + base)[np.newaxis]
        (values,) = inverted(self.transforms, whole, stages, origin, targets)
        return np.asarray(values)

    @property
    def step_rows(self) -> int:
        return len(self.shape["inputs"]) if self.shape["apart"] else 1

    def steps(self, line: str) -> list[Any]:
        return [numbers_of_step(line, len(self.names))]

    def step_answer(
        self, step: Any, count: int, recent: Any, advance: Advance
    ) -> tuple[Answer, Any]:
        """The forecast of each column, a value for each step of the horizon; none before the first
        segment is complete, or within a later one. It looks back to the steps that a segment
        depends on after all transforms."""
        recent = [*(recent or []), step][-self.lag - int(self.shape["segment"]) :]
        targets = self.shape["targets"]
        names, after_lag = [self.names[column] for column in targets], count - self.lag
        if after_lag <= 0 or after_lag % self.shape["segment"]:
            return {"step": count, **{name: [] for name in names}}, recent
        stages = self.stages_of(np.array(recent))
        segment = stages[-1][-self.shape["segment"] :, self.shape["inputs"]]
        inputs = segment.T if self.shape["apart"] else segment.reshape(1, -1)
        values = self.in_original_unit(stages, advance(as_single(inputs)), 0.0)
        return {"step": count, **dict(zip(names, values.T.tolist(), strict=True))}, recent

    def after_end(self, given: Any, length: int, steps: int) -> str:
        """The date, or number, `steps` steps after the last one."""
        if given is not None or self.end["dates"] is None:
            return str((self.end["start"] if given is None else 0) + length + steps)
        if self.frequency is None:
            return f"+{steps}"
        last = np.datetime64(self.end["dates"][-1], "us")
        return self.frequency.text_of(self.frequency.after(last, steps))


def step_of(saved: dict[str, Any]) -> Step:
    """A transform as codec.json has it."""
    match saved["name"]:
        case "log":
            return Log()
        case "difference":
            return Difference(saved["lag"])
    return Standardise(np.array(saved["mean"]), np.array(saved["deviation"]))


READER = SeriesReader
