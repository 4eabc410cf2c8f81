"""A JSON object each line; the answer's keys follow its own."""

import json
from collections.abc import Iterator, Sequence
from typing import TextIO

from rnnbuild.errors import DataError, Place, Problem
from rnnbuild.inference.forms.record import Record
from rnnbuild.inference.forms.source import Source


def read_jsonl(source: Source) -> Iterator[Record]:
    """The objects; blank lines are passed over. Raises DataError for a line that is none."""
    for number, line in enumerate(source.lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            column = getattr(error, "colno", 1)
            raise fault(source, number, column, line, f"not JSON: {error}") from None
        if not isinstance(record, dict):
            raise fault(source, number, 1, line, "not an object")
        yield record


def fault(source: Source, number: int, column: int, line: str, what: str) -> DataError:
    """What is wrong at a place, with what a line should be."""
    place = Place(source.name, number, column, line.rstrip("\r\n"))
    return DataError(Problem(what, place, 'a line is an object: {"text": "..."}'))


class JsonlWriter:
    """One JSON object a line."""

    def __init__(self, stream: TextIO):
        self.stream = stream

    def write(self, records: Sequence[Record]) -> None:
        self.stream.writelines(f"{json.dumps(row, ensure_ascii=False)}\n" for row in records)

    def end(self) -> None:
        """Nothing follows."""


class JsonWriter:
    """One JSON list of all, for programs that read a whole document."""

    def __init__(self, stream: TextIO):
        self.stream = stream
        self.before = "[\n"

    def write(self, records: Sequence[Record]) -> None:
        for row in records:
            self.stream.write(f"{self.before}  {json.dumps(row, ensure_ascii=False)}")
            self.before = ",\n"

    def end(self) -> None:
        self.stream.write("\n]\n" if self.before == ",\n" else "[]\n")
