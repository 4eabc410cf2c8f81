"""The model in a folder: from inputs to answers."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from rnnbuild.export.program.intact import changed_file
from rnnbuild.export.program.reader import (
    Array,
    InputError,
    Reader,
    refuse_not_finite,
    refuse_undecoded,
)

STREAM = "stream.onnx"
BATCH = 32
"""Rows that go through the model together."""


@dataclass(frozen=True, eq=False)
class Opened:
    """A model, and what turns inputs into its rows and its outputs into answers."""

    reader: Reader
    model: Any
    per_step: bool
    """Whether there is an output for each step of the input."""
    steps: int | None
    """Steps of an input that the model takes at most; None for any number."""
    stream: Path | None = None
    """The model that takes a step at a time, if it was exported."""

    def answers(self, inputs: Iterable[Any], at_once: int | None = None) -> Iterator[Any]:
        """The answer to each input, in order; `at_once` are read before the first is answered.

        Raises InputError, which names the input.
        """
        rest, first = iter(inputs), 1
        while chunk := list(islice(rest, at_once or self.reader.at_once)):
            rows = [self.rows(given, number) for number, given in enumerate(chunk, first)]
            outputs = iter(self.outputs([row for parts in rows for row in parts]))
            for number, (given, parts) in enumerate(zip(chunk, rows, strict=True), first):
                own = list(islice(outputs, len(parts)))
                try:
                    refuse_not_finite(own)
                except InputError as error:
                    raise InputError(f"input {number} is {error}") from None
                yield self.reader.answer(given, own)
            first += len(chunk)

    def streamed_answers(self, lines: Iterable[str]) -> Iterator[Any]:
        """The answer after each step of the lines. Raises InputError, which names the line."""
        if self.stream is None:
            raise InputError("this model was exported without --stream")
        yield from self.streaming.streamed_answers(self.reader, self.stream, lines)

    def written(self, prompt: str, given: Mapping[str, Any]) -> tuple[Iterator[str], Any]:
        """A text piece by piece, and its settings; see `generate.py`, which is there if the model
        writes."""
        if self.stream is None:
            raise InputError("this model was exported without --stream")
        module = import_module(f"{__package__}.generate")
        text: tuple[Iterator[str], Any] = module.written(self.reader, self.stream, prompt, given)
        return text

    @property
    def streaming(self) -> Any:
        """The module that answers step by step, which is there if the model is."""
        return import_module(f"{__package__}.stream")

    def rows(self, given: Any, number: int) -> list[Array]:
        """The model's rows of an input. Raises InputError, which names it by its number."""
        try:
            if isinstance(given, str):
                refuse_undecoded(given)
            rows = self.reader.rows(given)
            longest = max(map(len, rows))
            if self.steps is not None and longest > self.steps:
                raise InputError(f"of {longest} steps, and the model takes {self.steps} at most")
            return rows
        except InputError as error:
            raise InputError(f"input {number} is {error}") from None

    def outputs(self, rows: Sequence[Array], model: Any = None) -> list[Array]:
        """The output of the model, or of another, for each row; where each step has one, those of
        the row's steps."""
        model = model or self.model
        outputs: list[Array] = [np.empty(0)] * len(rows)
        order = sorted(range(len(rows)), key=lambda number: len(rows[number]))
        for first in range(0, len(rows), BATCH):
            numbers = order[first : first + BATCH]
            batch = padded([rows[number] for number in numbers])
            for number, output in zip(numbers, model(batch), strict=True):
                outputs[number] = output[: len(rows[number])] if self.per_step else output
        return outputs


def padded(rows: Sequence[Array]) -> Array:
    """Rows (T, ...) as one batch (B, longest T, ...), with 0 after each row's end."""
    longest = max(map(len, rows))
    batch = np.zeros((len(rows), longest, *rows[0].shape[1:]), rows[0].dtype)
    for place, row in zip(batch, rows, strict=True):
        place[: len(row)] = row
    return batch


def spread_over(output: Array, most: int) -> Array:
    """So many numbers of an output at most, from its first to its last."""
    places = np.linspace(0, output.size - 1, min(most, output.size)).round().astype(int)
    numbers: Array = output.ravel()[places]
    return numbers


class DamagedError(Exception):
    """Raised where the folder is not as it was exported."""


def open_folder(folder: Path) -> Opened:
    """The model in the folder of an export. Raises DamagedError, and what a package raises that
    cannot be imported."""
    try:
        bundle = json.loads((folder / "bundle.json").read_text(encoding="utf-8"))
        problem = changed_file(folder, bundle["files"])
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        problem = f"{folder / 'bundle.json'} is damaged: {type(error).__name__}: {error}"
    if problem is not None:
        raise DamagedError(problem)
    codec = json.loads((folder / "codec.json").read_text(encoding="utf-8"))
    per_step, (_, steps, *_) = bundle["output_for_each_step"], bundle["input"]["shape"]
    opened = open_model(folder / bundle["model"], bundle["runtime"], codec, per_step, steps)
    return replace(opened, stream=folder / STREAM if "stream" in bundle else None)


def open_model(
    path: Path, runtime: str, codec: dict[str, Any], per_step: bool, steps: int | None
) -> Opened:
    """A model in the runtime of that name, and the reader of what `codec` says."""
    reader = import_module(f"{__package__}.{codec['kind']}").READER(codec)
    return Opened(reader, import_module(f"{__package__}.{runtime}").load(path), per_step, steps)
