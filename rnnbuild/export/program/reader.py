"""What every reader of inputs has in common."""

import json
from collections.abc import Callable, Iterable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Values = NDArray[np.float64]
Answer = dict[str, Any]
Advance = Callable[[Array], Array]
"""From the model's input at a step, (B,) or (B, columns), to its outputs (B, units); called once at
most, it moves the model on."""


AT_ONCE = 1024
"""Inputs whose outputs are small."""


class InputError(ValueError):
    """Raised for an input that the model does not accept."""


class Reader(Protocol):
    """Turns an input into the model's rows, and its outputs into an answer."""

    goes_on: bool
    """Whether the input None has an answer: what follows the end of the training data."""
    at_once: int
    """Inputs that are read before the first is answered: their outputs are in memory together."""

    def rows(self, given: Any) -> list[Array]:
        """The rows of an input: ids (T,) int32, or numbers (T, columns) float32.

        Raises InputError.
        """
        ...

    def answer(self, given: Any, outputs: list[Array]) -> Any:
        """The answer to an input from the model's output for each of its rows."""
        ...


def refuse_undecoded(text: str) -> None:
    """Raises InputError for a text whose bytes were not UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InputError("not UTF-8") from None


def refuse_not_finite(outputs: Iterable[Array]) -> None:
    """Raises InputError where an output is infinite or NaN: no answer follows from it."""
    if not all(np.isfinite(output).all() for output in outputs):
        raise InputError("answered with numbers that are not finite")


def as_single(values: Values) -> Array:
    """The values as the model takes them. Raises InputError where they are too large for it."""
    with np.errstate(over="ignore"):
        single = values.astype(np.float32)
    if not np.isfinite(single).all():
        raise InputError("of larger numbers than the model computes with")
    return single


def numbers_in(given: Any, steps: int, columns: int) -> NDArray[np.float64]:
    """A list of steps, each a list of numbers, or its JSON: (steps, columns).

    Raises InputError for anything else, and for fewer steps than these or other columns.
    """
    numbers_each = "1 number" if columns == 1 else f"{columns} numbers"
    wanted = (
        f"a list in JSON of {steps} steps, each a list of {numbers_each}; "
        "[[1, 0.5], [2, 0.3]] is 2 steps of 2 numbers"
    )
    try:
        numbers = np.array(json.loads(given) if isinstance(given, str) else given, np.float64)
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise InputError(f"not {wanted}") from None
    shape = numbers.shape
    if len(shape) != 2 or shape[1] != columns or not np.isfinite(numbers).all():
        raise InputError(f"not {wanted}")
    if len(numbers) < steps:
        raise InputError(f"too short: of {len(numbers)} steps, where {steps} are needed")
    return numbers


def numbers_of_step(line: str, columns: int) -> list[float]:
    """The numbers of a line, with spaces, tabs or commas between them, or a list in JSON.

    Raises InputError where they are not so many.
    """
    parts = line.strip().removeprefix("[").removesuffix("]").replace(",", " ").split()
    try:
        if not line.isascii() or "_" in line:
            raise ValueError
        numbers = [float(part) for part in parts]
    except ValueError:
        numbers = []
    if len(numbers) != columns or not np.isfinite(np.array(numbers, np.float32)).all():
        raise InputError(f"not {columns} numbers with spaces or commas between them")
    return numbers


def rounded(numbers: Any) -> Any:
    """Numbers to six digits, as in all answers."""
    return np.asarray(numbers, np.float64).round(6).tolist()


def cut(tokens: list[Any], max_length: int | None, truncate: str) -> list[Any]:
    """The tokens that remain after a sequence is cut to `max_length`."""
    if max_length is None or len(tokens) <= max_length:
        return tokens
    return tokens[:max_length] if truncate == "end" else tokens[-max_length:]


def likeliest(output: Array) -> tuple[NDArray[np.int64], Array]:
    """The label of each step, or of all, and its probability, from (..., units).

    A single unit is the probability of the second of two labels.
    """
    if output.shape[-1] == 1:
        second = output.astype(np.float64)
        output = np.concatenate([1 - second, second], axis=-1)
    labels = output.argmax(axis=-1)
    return labels, np.take_along_axis(output, labels[..., np.newaxis], axis=-1)[..., 0]
