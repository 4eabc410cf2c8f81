"""Sequences of numbers step by step: a line is a step, a list one or several."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rnnbuild.data.sequences.codec import LARGEST, SequencesCodec
from rnnbuild.errors import DataError, Place
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
        return steps_in(given, self.codec.columns, plural(self.codec.columns, "number"))

    def recent_shape(self, steps: int) -> tuple[int, int]:
        return 0, 0

    def answer(
        self, step: list[float], steps: int, recent: Values, advance: Advance
    ) -> tuple[Record, Values]:
        (outputs,) = advance(np.array([step], np.float32))
        return {"step": steps, "prediction": rounded(outputs)}, recent

    def typed_answer(self, record: Record) -> StepAnswer:
        return StepAnswer(record["step"], NumbersAnswer(tuple(record["prediction"])))


def steps_in(given: Any, count: int, wanted: str) -> list[list[float]]:
    """The steps in a line, which is one; in a list of numbers, which is one of `count`, or as many
    as numbers where each is a step; or in a list of such lists.

    Raises DataError, with the number of the step as its line where there are several.
    """
    if not is_list(given) or not (any(map(is_list, given)) or count == 1 < len(given)):
        return [numbers_in(given, count, wanted)]
    steps = []
    for number, item in enumerate(given, 1):
        step = [item] if count == 1 and not is_list(item) else item
        try:
            steps.append(numbers_in(step, count, wanted))
        except DataError as error:
            place = Place("steps", number, 1)
            raise DataError([replace(one, place=place) for one in error.problems]) from None
    return steps


def is_list(given: Any) -> bool:
    """Whether it has several values, and is no text."""
    several = isinstance(given, Sequence) or (isinstance(given, np.ndarray) and given.ndim > 0)
    return several and not isinstance(given, str | bytes)


def numbers_in(given: Any, count: int, wanted: str) -> list[float]:
    """The numbers of a line, separated by spaces, tabs or commas, or a list in JSON; or of a list.

    Raises DataError where they are not so many, as `wanted` says in words, or one is not a number
    that a model computes with.
    """
    text = given.strip() if isinstance(given, str) else str(given)
    what, form = "step", "as a list"
    if isinstance(given, str):
        what, form = "line", "with spaces, tabs or commas between them"
    hint = f"a {what} is {wanted}" + (f", {form}" if count > 1 else "")
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
                "leave the step out, or write numbers in a smaller unit",
            )
    return numbers


def parts_of(given: Any) -> Iterable[Any]:
    """What should be numbers. Raises ValueError for those that no file may have."""
    if not isinstance(given, str):
        return tuple(given)
    if not given.isascii() or "_" in given:  # digits of other scripts, and `1_000`
        raise ValueError(given)
    return given.strip().removeprefix("[").removesuffix("]").replace(",", " ").split()
