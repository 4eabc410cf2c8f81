"""A row of input with its answer, and how the forms agree on both."""

import json
from collections.abc import Sequence
from itertools import chain
from typing import Any, Protocol, TextIO

from rnnbuild.errors import DataError

Record = dict[str, Any]
"""A row's columns by their names, in the order of the input."""

PLAIN = frozenset({str, int, float, bool, type(None)})


class Writer(Protocol):
    """Writes records as they come; `end` writes what follows the last of them."""

    def write(self, records: Sequence[Record]) -> None: ...

    def end(self) -> None: ...


class WriterTo(Protocol):
    """Makes a writer to a stream of text."""

    def __call__(self, stream: TextIO) -> Writer: ...


def answered(record: Record, answer: Record) -> Record:
    """A row beside its answer. Raises DataError where the row has a column of that name."""
    both = record | answer
    if len(both) == len(record) + len(answer):
        return both
    name = min(record.keys() & answer.keys())
    raise DataError(
        f"the input has a column `{name}` already, which the answer would overwrite",
        "rename that column first",
    )


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
