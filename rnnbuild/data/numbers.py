"""Sequences of numbers that come with the numbers to be told from them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from rnnbuild.config.facts import DataFacts, Task
from rnnbuild.data.encoded import Encoded
from rnnbuild.data.health.sequences import sequence_health
from rnnbuild.data.loaded import Baselines, Loaded, SplitName, by_split
from rnnbuild.errors import DataError, Problem
from rnnbuild.metrics.forecasting import Forecasts

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class NumberRows:
    """inputs (rows, steps, columns), targets (rows, outputs); float32, every sequence as long."""

    inputs: Floats
    targets: Floats

    def __len__(self) -> int:
        return len(self.inputs)


@dataclass(frozen=True, eq=False)
class NumberSplits:
    """The rows of every split, as a bundled dataset makes them."""

    train: NumberRows
    validation: NumberRows
    test: NumberRows


@dataclass(frozen=True)
class NumbersCodec:
    """Numbers go to the model, and come from it, as they are; only the shapes are to be kept."""

    kind: ClassVar[str] = "numbers"
    format: ClassVar[int] = 1

    steps: int
    columns: int
    outputs: int

    @property
    def task(self) -> Task:
        return "forecast"

    def encode(self, rows: NumberRows) -> Encoded:
        count, steps, columns = rows.inputs.shape
        return Encoded(
            rows.inputs.reshape(count * steps, columns),
            np.arange(count, dtype=np.int64) * steps,
            np.full(count, steps, np.int32),
            rows.targets,
        )

    def encode_texts(self, texts: Iterable[str]) -> Encoded:
        """Sequences in JSON, `[[0.3, 1], [0.5, 0]]`: a list of steps, each a list of numbers.

        Targets are zero. Raises DataError where one has another shape than those trained on.
        """
        inputs = [self._sequence(text, number) for number, text in enumerate(texts, 1)]
        table = np.array(inputs, np.float32).reshape(len(inputs), self.steps, self.columns)
        return self.encode(NumberRows(table, np.zeros((len(inputs), self.outputs), np.float32)))

    def _sequence(self, text: str, number: int) -> Floats:
        wanted = f"{self.steps:,} steps of {self.columns} numbers"
        hint = "a sequence is a list of steps, each a list of numbers: [[0.3, 1], [0.5, 0]]"
        try:
            sequence = np.array(json.loads(text), np.float32)
        except (ValueError, TypeError):
            raise DataError(Problem(f"input {number} is not {wanted} in JSON", hint=hint)) from None
        if sequence.shape != (self.steps, self.columns):
            found = " × ".join(map(str, sequence.shape)) or "one number"
            raise DataError(Problem(f"input {number} is {found}, not {wanted}", hint=hint))
        return sequence

    def to_json(self) -> str:
        return json.dumps(
            {
                "kind": self.kind,
                "format": self.format,
                "steps": self.steps,
                "columns": self.columns,
                "outputs": self.outputs,
            }
        )

    @classmethod
    def from_json(cls, saved: dict[str, Any]) -> "NumbersCodec":
        """The codec that `to_json` wrote. Others raise ValueError, KeyError or TypeError."""
        return cls(saved["steps"], saved["columns"], saved["outputs"])


def loaded_numbers(splits: NumberSplits) -> Loaded:
    """The sequences as they are; the trivial answer is the mean of the training targets."""
    train = splits.train
    _, steps, columns = train.inputs.shape
    codec = NumbersCodec(steps, columns, train.targets.shape[1])
    rows = by_split(splits)

    def baselines(name: SplitName) -> Baselines:
        return {"training mean": training_mean(train.targets, rows[name].targets)}

    return Loaded(
        facts=DataFacts(
            task="forecast",
            columns=columns,
            outputs=codec.outputs,
            longest=steps,
            rows=(len(train), len(splits.validation), len(splits.test)),
        ),
        codec=codec,
        train=codec.encode(train),
        validation=codec.encode(splits.validation),
        test=codec.encode(splits.test),
        baselines=baselines,
        shown=lambda name, row: shown(rows[name], row),
        health=partial(
            sequence_health,
            {name: part.inputs for name, part in rows.items()},
            {name: part.targets for name, part in rows.items()},
        ),
    )


def training_mean(trained: Floats, targets: Floats) -> Forecasts:
    """The mean of the training targets, whatever the input; by output."""
    mean = trained.mean(axis=0, dtype=np.float64)
    return Forecasts(targets, np.broadcast_to(mean, targets.shape))


def shown(rows: NumberRows, row: int) -> str:
    """The first and last steps of a sequence, and its target."""
    steps = [" ".join(f"{value:.3g}" for value in step) for step in rows.inputs[row]]
    told = steps if len(steps) <= 6 else [*steps[:3], "...", *steps[-3:]]
    target = " ".join(f"{value:.4g}" for value in rows.targets[row])
    return f"{', '.join(told)} -> {target}"
