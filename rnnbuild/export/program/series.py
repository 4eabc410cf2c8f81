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
from rnnbuild.export.program.reader import Answer, Array, InputError, numbers_in


class SeriesReader:
    """`codec` is the content of codec.json.

    An input is a series: a list of steps, each a list of the columns' numbers in the order of
    `names`. None is the end of the series that the model was trained with.
    """

    goes_on = True

    def __init__(self, codec: dict[str, Any]):
        self.names: list[str] = codec["names"]
        self.steps = [step_of(saved) for saved in codec["transforms"]]
        self.end, self.shape = codec["end"], codec["shape"]
        self.frequency = Frequency(**codec["frequency"]) if codec["frequency"] else None

    @property
    def steps_needed(self) -> int:
        """Steps of a window, and those before it for the differences."""
        needed: int = self.shape["window"] + sum(step.lag for step in self.steps)
        return needed

    def stages(self, given: Any) -> list[Values]:
        """The values before the first transform, after it, ..., and after the last."""
        given = self.end["values"] if given is None else given
        stages: list[Values] = [numbers_in(given, self.steps_needed, len(self.names))]
        for step in self.steps:
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
        return [part.reshape(segments, -1).astype(np.float32) for part in parts]

    def answer(self, given: Any, outputs: list[Array]) -> list[Answer]:
        """A record for each step of the horizon."""
        stages, targets = self.stages(given), self.shape["targets"]
        horizon, _ = self.shape["horizon"], len(targets)
        table = np.array(outputs, np.float64)
        forecasts = table.T if self.shape["apart"] else table.reshape(horizon, -1)
        forecasts = forecasts + self.window(stages[-1])[1][targets]
        origin = np.array([len(stages[0]) - 1])
        (values,) = inverted(self.steps, forecasts[np.newaxis], stages, origin, np.array(targets))
        when = "step" if given is not None or self.end["dates"] is None else "date"
        names = [self.names[column] for column in targets]
        return [
            {when: self.after_end(given, len(stages[0]), step)} | dict(zip(names, row, strict=True))
            for step, row in enumerate(values.tolist(), 1)
        ]

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
