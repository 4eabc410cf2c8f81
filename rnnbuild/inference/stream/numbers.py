"""Sequences of numbers step by step: a line is a step."""

from dataclasses import dataclass

import numpy as np

from rnnbuild.data.sequences.codec import LARGEST, SequencesCodec
from rnnbuild.errors import DataError
from rnnbuild.formatting import plural
from rnnbuild.inference.decoding.decoder import Record, rounded
from rnnbuild.inference.stream.stream import Advance, Values


@dataclass(frozen=True)
class NumbersReader:
    """The model has seen sequences of one length; a stream may be of any."""

    codec: SequencesCodec
    rows: int = 1

    def steps(self, line: str) -> list[list[float]]:
        return [numbers_in(line, self.codec.columns, plural(self.codec.columns, "number"))]

    def recent(self, step: list[float], before: Values) -> Values:
        return before

    def recent_shape(self, steps: int) -> tuple[int, int]:
        return 0, 0

    def answer(self, step: list[float], steps: int, recent: Values, advance: Advance) -> Record:
        (outputs,) = advance(np.array([step], np.float32))
        return {"step": steps, "prediction": rounded(outputs)}


def numbers_in(line: str, count: int, wanted: str) -> list[float]:
    """The numbers of a line, separated by spaces, tabs or commas, or a list in JSON.

    Raises DataError where they are not so many, as `wanted` says in words, or one is no number that
    a model computes with.
    """
    parts = line.strip().removeprefix("[").removesuffix("]").replace(",", " ").split()
    hint = f"a line is {wanted}, with spaces, tabs or commas between them"
    try:
        if not line.isascii() or "_" in line:  # which `float` reads, and readers of files do not
            raise ValueError
        numbers = [float(part) for part in parts]
    except ValueError:
        raise DataError(f"`{line.strip():.60}` is not {plural(count, 'number')}", hint) from None
    if len(numbers) != count:
        raise DataError(f"`{line.strip():.60}` has {plural(len(numbers), 'number')}", hint)
    for number in numbers:
        if not abs(number) <= LARGEST:
            raise DataError(
                f"{number:g} is not a number up to {LARGEST:.3g}, the largest that a model "
                "computes with",
                "leave the line out, or write numbers in a smaller unit",
            )
    return numbers
