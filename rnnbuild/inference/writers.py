"""Rows of input with their answers, written one by one: as lines, CSV or JSON."""

import csv
import json
from collections.abc import Sequence
from itertools import chain
from operator import itemgetter
from typing import Any, Protocol

from rnnbuild.data.readers.lists import text_of_words
from rnnbuild.errors import DataError
from rnnbuild.inference.decoding.decoder import Record
from rnnbuild.visible import json_text

NO_ANSWER = "_"
"""In place of the answer at a token beyond `max_length`, as CoNLL-U writes what is missing."""
PLAIN = frozenset({str, int, float, bool, type(None)})
LINE_ENDS = str.maketrans({"\n": "\\n", "\r": "\\r"})
TABS = str.maketrans({"\t": "\\t"})


class Writer(Protocol):
    """Writes records as they arrive; `end` writes what follows the last one."""

    def write(self, records: Sequence[Record]) -> None: ...

    def end(self) -> None: ...


class Stream(Protocol):
    """What answers are written to: a file, or a stream that shows them to a person."""

    def write(self, text: str, /) -> object: ...


class WriterTo(Protocol):
    """Makes a writer to a text stream."""

    def __call__(self, stream: Stream) -> Writer: ...


class LinesWriter:
    r"""Cells separated by tabs; a token that is a line end is written as `\n`, one that is a tab as
    `\t`. A tab inside a text stays: that is the first cell, and the answer is in the last."""

    def __init__(self, stream: Stream):
        self.stream = stream

    def write(self, records: Sequence[Record]) -> None:
        self.stream.write("".join(map(self._line, cells_of(records))))

    def end(self) -> None:
        """Nothing follows."""

    def _line(self, row: Record) -> str:
        cells = ["" if value is None else str(value).translate(LINE_ENDS) for value in row.values()]
        whole = 0 if "token" in row else 1
        cells[whole:] = [cell.translate(TABS) for cell in cells[whole:]]
        return "\t".join(cells) + "\n"


class CsvWriter:
    """A header, from the first record, then one row per record.

    Without a `quote` every quote is part of the text, and no cell can contain a delimiter.
    """

    def __init__(self, stream: Stream, delimiter: str = ",", quote: str = '"'):
        self.writer = csv.writer(
            stream,
            delimiter=delimiter,
            quotechar=quote or None,
            quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
            lineterminator="\n",
        )
        self.columns: dict[str, None] = {}

    def write(self, records: Sequence[Record]) -> None:
        rows = cells_of(records)
        if rows and not self.columns:
            self.columns = dict.fromkeys(rows[0])
            self.writer.writerow(self.columns)
        try:
            self._write(rows)
        except csv.Error:
            raise DataError(
                "an answer contains the delimiter or a line end, and `data.quote: none` leaves no "
                "way to write it",
                "write JSON instead: --format json",
            ) from None

    def _write(self, rows: Sequence[Record]) -> None:
        keys = self.columns.keys()
        if len(keys) > 1 and all(row.keys() == keys for row in rows):
            self.writer.writerows(map(itemgetter(*keys), rows))
            return
        for row in rows:
            if not row.keys() <= keys:
                raise self.extra_column_error(row)
        self.writer.writerows([row.get(column) for column in keys] for row in rows)

    def extra_column_error(self, row: Record) -> DataError:
        """JSON objects may differ in their keys; a table would drop keys that the first lacks."""
        extra = min(row.keys() - self.columns.keys())
        return DataError(
            f"a row has `{extra}`, which the first row lacks: CSV would drop it",
            "write JSON instead: --format json",
        )

    def end(self) -> None:
        """Nothing follows."""


class JsonlWriter:
    """One JSON object a line."""

    def __init__(self, stream: Stream):
        self.stream = stream

    def write(self, records: Sequence[Record]) -> None:
        self.stream.write("".join(f"{line_of(row)}\n" for row in records))

    def end(self) -> None:
        """Nothing follows."""


class JsonWriter:
    """One JSON list of all records, for programs that read a whole document."""

    def __init__(self, stream: Stream):
        self.stream = stream
        self.before = "[\n"

    def write(self, records: Sequence[Record]) -> None:
        for row in records:
            self.stream.write(f"{self.before}  {line_of(row)}")
            self.before = ",\n"

    def end(self) -> None:
        self.stream.write("\n]\n" if self.before == ",\n" else "[]\n")


def line_of(row: Record) -> str:
    """A row as JSON on one line."""
    return json_text(json.dumps(row, ensure_ascii=False))


def cells_of(records: Sequence[Record]) -> Sequence[Record]:
    """Each row as `cells` returns it."""
    # Asked once for all rows: most contain plain values only.
    values = chain.from_iterable(map(dict.values, records))
    return records if PLAIN.issuperset(map(type, values)) else [cells(row) for row in records]


def cells(record: Record) -> Record:
    """The columns as text and numbers. Those of a tagged text have one word per token.

    Words are written as training reads them: with spaces between, else as a list in JSON.
    """
    row: Record = {}
    for name, value in record.items():
        if name == "tokens" and isinstance(value, list):
            row["tokens"] = text_of_words([token["token"] for token in value])
            for answer in ("prediction", "probability"):
                row[answer] = text_of_words([text_of_answer(token[answer]) for token in value])
        else:
            row[name] = cell(value)
    return row


def text_of_answer(value: Any) -> str:
    """The answer at one token; the model reads none beyond `max_length`."""
    return NO_ANSWER if value is None else str(value)


def cell(value: Any) -> Any:
    """A list of numbers separated by spaces; other lists and objects as JSON."""
    if isinstance(value, list) and all(isinstance(item, int | float) for item in value):
        return " ".join(map(str, value))
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return value
