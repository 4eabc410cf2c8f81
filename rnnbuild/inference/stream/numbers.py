"""Sequences of numbers step by step: a line is a step."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnbuild.data.sequences.codec import LARGEST, SequencesCodec
from rnnbuild.errors import DataError
from rnnbuild.formatting import plural
from rnnbuild.inference.decoding.answers import NumbersAnswer, StepAnswer
from rnnbuild.inference.decoding.decoder import Record, rounded
from rnnbuild.inference.stream.stream import Advance, Values


@dataclass(frozen=True)
class NumbersReader:
    """The model has seen sequences of one length; a stream may be of any."""

    codec: SequencesCodec
    rows: int = 1
    reads_blank_lines: bool = False

    def steps(self, given: Any) -> list[list[float]]:
        return [numbers_in(given, self.codec.columns, plural(self.codec.columns, "number"))]

    def recent_shape(self, steps: int) -> tuple[int, int]:
        return 0, 0

    def answer(
        self, step: list[float], steps: int, recent: Values, advance: Advance
    ) -> tuple[Record, Values]:
        (outputs,) = advance(np.array([step], np.float32))
        return {"step": steps, "prediction": rounded(outputs)}, recent

    def typed_answer(self, record: Record) -> StepAnswer:
        return StepAnswer(record["step"], NumbersAnswer(tuple(record["prediction"])))


def numbers_in(given: Any, count: int, wanted: str) -> list[float]:
    """The numbers of a line, separated by spaces, tabs or commas, or a list in JSON; or of a list.

    Raises DataError where they are not so many, as `wanted` says in words, or one is not a number
    that a model computes with.
    """
    text = given.strip() if isinstance(given, str) else str(given)
    between = ", with spaces, tabs or commas between them" if count > 1 else ""
    hint = f"a line is {wanted}{between}"
    try:
        numbers = [float(part) for part in parts_of(given)]
    except (ValueError, TypeError, OverflowError):
        raise DataError(f"`{text:.60}` is not {plural(count, 'number')}", hint) from None
    if len(numbers) != count:
        raise DataError(f"`{text:.60}` has {plural(len(numbers), 'number')}", hint)
    for number in numbers:
        if not abs(number) <= LARGEST:
            raise DataError(
                f"{number:g} is not a number up to {LARGEST:.3g}, the largest that a model "
                "computes with",
                "leave the line out, or write numbers in a smaller unit",
            )
    return numbers


def parts_of(given: Any) -> Iterable[Any]:
    """What should be numbers. Raises ValueError for those that no file may have."""
    if not isinstance(given, str):
        return tuple(given)
    if not given.isascii() or "_" in given:  # digits of other scripts, and `1_000`
        raise ValueError(given)
    return given.strip().removeprefix("[").removesuffix("]").replace(",", " ").split()
