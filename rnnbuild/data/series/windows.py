"""Examples from a series: a window of steps, and the steps after it.

A window may begin before its split, since whoever forecasts knows the past; the steps that are
forecast all lie inside the split.
"""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.data.series.series import Values
from rnnbuild.typed_values import Count, Positive

Steps = NDArray[np.int64]
CHUNK = 4096
"""Windows that are cut at once, so that their double-precision copies stay small."""


@dataclass(frozen=True)
class Shape:
    """How the examples are cut.

    inputs   which columns of the series are read
    targets  which are forecast
    With `apart` each column is a row of its own, forecast from itself; `inputs` equal `targets`.
    Rows are then in the order of origins, and within one origin in that of columns.
    """

    window: Positive
    horizon: Positive
    inputs: tuple[Count, ...]
    targets: tuple[Count, ...]
    segment: Positive = 1
    subtract: Literal["last", "mean"] | None = None
    apart: bool = False

    @property
    def steps(self) -> int:
        """Steps of the model's input."""
        return self.window // self.segment

    @property
    def columns(self) -> int:
        """Numbers in each step of the model's input: those of one segment, in order of time."""
        return self.segment * (1 if self.apart else len(self.inputs))

    @property
    def outputs(self) -> int:
        """Numbers of the model's output: horizon times columns, step by step."""
        return self.horizon * (1 if self.apart else len(self.targets))


@dataclass(frozen=True, eq=False)
class Windows(Encoded):
    """Encoded windows, and their places in the series."""

    origins: Steps = field(kw_only=True)
    """The last step of each window (windows,); with `apart`, several rows share one."""
    stages: tuple[Values, ...] = field(kw_only=True)
    """The series before each transform and after the last."""
    subtracted: Values | None = None
    """What was subtracted from the targets (windows, targets) and is added to the forecasts."""


def origins_of(
    shape: Shape, span: tuple[int, int], lag: int, filled: NDArray[np.bool_] | None
) -> Steps:
    """The last steps of all windows whose forecasts lie inside `span`, [first, end).

    `lag` steps at the start of the series have no value. Steps that were `filled` are not forecast.
    """
    first = max(span[0] - 1, lag + shape.window - 1)
    # A window, or a horizon, may be longer than any series, and than an int64 holds.
    end = max(first, span[1] - shape.horizon)
    origins = np.arange(end - first, dtype=np.int64) + (first if end > first else 0)
    if filled is None or not len(origins):
        return origins
    ahead = origins[:, None] + np.arange(1, shape.horizon + 1)
    unfilled: Steps = origins[~filled[ahead].any(axis=1)]
    return unfilled


def cut_windows(stages: tuple[Values, ...], origins: Steps, shape: Shape) -> Windows:
    """The windows that end at `origins`, with the steps after them as targets.

    Targets beyond the end of the series, as in a forecast of the future, are zero.
    """
    learned = stages[-1]
    targets = list(shape.targets)
    ahead = origins[:, None] + np.arange(1, shape.horizon + 1)
    known = learned[np.minimum(ahead, len(learned) - 1)][:, :, targets]
    known[ahead >= len(learned)] = 0
    if shape.segment == 1 and shape.subtract is None:
        return _overlapping_windows(stages, origins, shape, known)
    read, base = _separate_windows(learned, origins, shape)
    wanted = known - base[:, None, targets]
    rows = len(read)
    return Windows(
        values=read.reshape(rows * shape.steps, shape.columns),
        starts=np.arange(rows, dtype=np.int64) * shape.steps,
        lengths=np.full(rows, shape.steps, np.int32),
        targets=as_single(
            (_column_rows(wanted) if shape.apart else wanted).reshape(rows, shape.outputs)
        ),
        origins=origins,
        stages=stages,
        subtracted=base[:, targets],
    )


def as_single(values: Values) -> NDArray[np.float32]:
    """Values as the model takes them; the health check reports those that become infinite."""
    with np.errstate(over="ignore"):
        return values.astype(np.float32)


def _separate_windows(
    learned: Values, origins: Steps, shape: Shape
) -> tuple[NDArray[np.float32], Values]:
    """The input of each row, (rows, numbers), and what was subtracted, (windows, columns)."""
    inputs, count = list(shape.inputs), len(origins)
    read = np.empty((count, len(inputs) * shape.window), np.float32)
    base = np.zeros((count, learned.shape[1]))
    for first in range(0, count, CHUNK):
        chunk = slice(first, first + CHUNK)
        seen = learned[origins[chunk, None] + np.arange(1 - shape.window, 1)]
        if shape.subtract is not None:
            base[chunk] = seen.mean(axis=1) if shape.subtract == "mean" else seen[:, -1]
        seen = seen[:, :, inputs] - base[chunk, None][:, :, inputs]
        read[chunk] = (_column_rows(seen) if shape.apart else seen).reshape(len(seen), -1)
    rows = count * len(inputs) if shape.apart else count
    return read.reshape(rows, shape.steps * shape.columns), base


def _overlapping_windows(
    stages: tuple[Values, ...], origins: Steps, shape: Shape, known: Values
) -> Windows:
    """Windows that share the values of the series: no step is stored more than once."""
    learned = as_single(np.nan_to_num(stages[-1][:, list(shape.inputs)]))
    starts = origins - shape.window + 1
    if shape.apart:
        # The columns are laid end to end, and each origin has one start in each of them.
        columns = np.arange(len(shape.inputs)) * len(learned)
        starts = (starts[:, None] + columns).ravel()
        learned = learned.T.reshape(-1, 1)
        known = _column_rows(known)
    return Windows(
        values=learned,
        starts=starts,
        lengths=np.full(len(starts), shape.window, np.int32),
        targets=as_single(known.reshape(len(starts), shape.outputs)),
        origins=origins,
        stages=stages,
    )


def _column_rows(values: Values) -> Values:
    """Each column as a row of its own: (windows, steps, columns) -> (windows · columns, steps)."""
    return values.transpose(0, 2, 1).reshape(-1, values.shape[1])


def by_window(outputs: Values, shape: Shape) -> Values:
    """A model's outputs (rows, outputs) by window: (windows, horizon, targets)."""
    count = len(shape.targets)
    if shape.apart:
        return outputs.reshape(-1, count, shape.horizon).transpose(0, 2, 1)
    return outputs.reshape(-1, shape.horizon, count)
