"""Sequences of numbers, each with the numbers to be predicted from it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.data.kind.codec import ModelNames, ModelSizes
from rnnbuild.errors import DataError, Problem
from rnnbuild.tasks.facts import Task
from rnnbuild.typed_values import Positive, from_plain

Floats = NDArray[np.float32]
LARGEST = float(np.finfo(np.float32).max)


@dataclass(frozen=True, eq=False)
class SequenceRows:
    """inputs (rows, steps, columns), targets (rows, outputs); float32, all of one length."""

    inputs: Floats
    targets: Floats

    def __len__(self) -> int:
        return len(self.inputs)


@dataclass(frozen=True, eq=False)
class SequenceSplits:
    """The rows of every split, as a bundled dataset makes them."""

    train: SequenceRows
    validation: SequenceRows
    test: SequenceRows


@dataclass(frozen=True, kw_only=True)
class SavedSequences:
    """A codec's values in codec.json."""

    kind: Literal["numbers"]
    format: Literal[1]
    steps: Positive
    columns: Positive
    outputs: Positive


@dataclass(frozen=True)
class SequencesCodec:
    """Numbers go into the model and come out as they are; only their shapes are saved."""

    kind: ClassVar[str] = "numbers"
    format: ClassVar[int] = 1

    steps: int
    columns: int
    outputs: int

    @property
    def task(self) -> Task:
        return "forecast"

    def encode(self, rows: SequenceRows) -> Encoded:
        count, steps, columns = rows.inputs.shape
        return Encoded(
            rows.inputs.reshape(count * steps, columns),
            np.arange(count, dtype=np.int64) * steps,
            np.full(count, steps, np.int32),
            rows.targets,
        )

    def encode_texts(self, texts: Iterable[Any]) -> Encoded:
        """Sequences, `[[0.3, 1], [0.5, 0]]`: a list of steps, each a list of numbers, or in JSON.

        Targets are zero. Raises DataError if one differs in shape from the training sequences.
        """
        inputs = [self._sequence(text, number) for number, text in enumerate(texts, 1)]
        table = np.array(inputs, np.float32).reshape(len(inputs), self.steps, self.columns)
        return self.encode(SequenceRows(table, np.zeros((len(inputs), self.outputs), np.float32)))

    def _sequence(self, given: Any, number: int) -> Floats:
        wanted = f"{self.steps:,} steps of {self.columns} numbers"
        hint = "a sequence is a list of steps, each a list of numbers: [[0.3, 1], [0.5, 0]]"
        try:
            sequence = np.array(json.loads(given) if isinstance(given, str) else given, np.float64)
        except (ValueError, TypeError, OverflowError):
            form = " in JSON" if isinstance(given, str) else ""
            raise DataError(Problem(f"input {number} is not {wanted}{form}", hint=hint)) from None
        if sequence.shape != (self.steps, self.columns):
            shape = " × ".join(map(str, sequence.shape)) or "one number"
            raise DataError(Problem(f"input {number} is {shape}, not {wanted}", hint=hint))
        beyond = sequence[~(np.abs(sequence) <= LARGEST)]
        if beyond.size:
            raise DataError(
                Problem(
                    f"input {number} contains {beyond[0]:g}, which is not a number up to "
                    f"{LARGEST:.3g}, the largest that a model computes with",
                    hint="remove the input, or write numbers in a smaller unit",
                )
            )
        return sequence.astype(np.float32)

    @property
    def example(self) -> list[list[float]]:
        """Numbers from 0 to 1, which are always the same: the codec knows no row."""
        numbers = np.random.RandomState(1).random_sample((self.steps, self.columns))
        rounded: list[list[float]] = numbers.round(2).tolist()
        return rounded

    @property
    def model_sizes(self) -> ModelSizes:
        return ModelSizes(None, self.columns, (self.outputs,))

    @property
    def model_names(self) -> ModelNames:
        """Columns have no names but their places."""
        inputs = (("column", str(number)) for number in range(self.columns))
        outputs = (("output", str(number)) for number in range(self.outputs))
        return ModelNames(tuple(inputs), tuple(outputs), by_place=True)

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
    def from_json(cls, saved: dict[str, Any]) -> "SequencesCodec":
        """The codec that `to_json` wrote. Others raise UnexpectedValueError."""
        read: SavedSequences = from_plain(SavedSequences, saved)
        return cls(read.steps, read.columns, read.outputs)
