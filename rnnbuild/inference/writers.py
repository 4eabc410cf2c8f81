"""Rows of input with their answers, written as they come: as lines, as CSV, as JSON."""

import csv
import json
from collections.abc import Sequence
from itertools import chain
from operator import itemgetter
from typing import Any, Protocol, TextIO

from rnnbuild.errors import DataError
from rnnbuild.inference.decoding.decoder import Record

PLAIN = frozenset({str, int, float, bool, type(None)})


class Writer(Protocol):
    """Writes records as they come; `end` writes what follows the last of them."""

    def write(self, records: Sequence[Record]) -> None: ...

    def end(self) -> None: ...


class WriterTo(Protocol):
    """Makes a writer to a stream of text."""

    def __call__(self, stream: TextIO) -> Writer: ...


class LinesWriter:
    """Cells set apart by tabs. A text that holds one keeps it: the answer is what is last."""

    def __init__(self, stream: TextIO):
        self.stream = stream

    def write(self, records: Sequence[Record]) -> None:
        rows = ("\t".join(map(str, row.values())) for row in cells_of(records))
        self.stream.writelines(f"{row}\n" for row in rows)

    def end(self) -> None:
        """Nothing follows."""


class CsvWriter:
    """The header, from the first record, then a row each."""

    def __init__(self, stream: TextIO, delimiter: str = ","):
        self.writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
        self.columns: dict[str, None] = {}

    def write(self, records: Sequence[Record]) -> None:
        rows = cells_of(records)
        if rows and not self.columns:
            self.columns = dict.fromkeys(rows[0])
            self.writer.writerow(self.columns)
        keys = self.columns.keys()
        if len(keys) > 1 and all(row.keys() == keys for row in rows):
            self.writer.writerows(map(itemgetter(*keys), rows))
            return
        for row in rows:
            if not row.keys() <= keys:
                raise self.others(row)
        self.writer.writerows([row.get(column) for column in keys] for row in rows)

    def others(self, row: Record) -> DataError:
        """JSON objects may differ in their keys; a table would drop what the first has not."""
        other = min(row.keys() - self.columns.keys())
        return DataError(
            f"a row has `{other}`, which the first row lacks: CSV would leave it out",
            "write JSON instead: --format json",
        )

    def end(self) -> None:
        """Nothing follows."""


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


def cells_of(records: Sequence[Record]) -> Sequence[Record]:
    """Each row as `cells` has it."""
    # Said once for all rows: most hold plain values alone.
    values = chain.from_iterable(map(dict.values, records))
    return records if PLAIN.issuperset(map(type, values)) else [cells(row) for row in records]


def cells(record: Record) -> Record:
    """The columns as text and numbers. Of a tagged text each column holds as many words."""
    found: Record = {}
    for name, value in record.items():
        if name == "tokens" and isinstance(value, list):
            found["tokens"] = " ".join(token["token"] for token in value)
            for answer in ("prediction", "probability"):
                found[answer] = " ".join(str(token[answer]) for token in value)
        else:
            found[name] = cell(value)
    return found


def cell(value: Any) -> Any:
    """Numbers set apart by spaces; of other lists and objects their JSON."""
    if isinstance(value, list) and all(isinstance(item, int | float) for item in value):
        return " ".join(map(str, value))
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return value
