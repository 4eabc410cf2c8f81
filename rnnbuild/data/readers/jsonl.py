"""Labelled text in JSON Lines: a JSON object on each line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rnnbuild.config.facts import Task
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.files import TextFile, open_text
from rnnbuild.data.readers.faults import line_place
from rnnbuild.data.readers.labelled import LabelledRows, Wanted
from rnnbuild.data.rows import CHUNK, Rows
from rnnbuild.errors import DataError, Place, Problem, nearest

_DECODER = json.JSONDecoder()


def read_jsonl(path: Path, data: DataConfig, task: Task) -> Iterator[Rows]:
    """The text and labels of a file of objects, by the names of their keys.

    Words and tags may be lists of strings, and so may several labels. Blank lines are passed over
    and counted. Raises DataError, with file and line, for a line that is no object or lacks a key.
    """
    labelled = LabelledRows(TextFile.at(path), data, task)
    names = [name for name, _ in labelled.wanted]
    lines: list[int] = []
    columns: list[list[Any]] = [[] for _ in names]
    blank_lines = 0
    with open_text(path) as stream:
        for number, line in enumerate(stream, 1):
            if line.isspace():
                blank_lines += 1
                continue
            values = _object(path, number, line)
            try:
                for name, column in zip(names, columns, strict=True):
                    column.append(values[name])
            except KeyError:
                raise _missing(path, number, values, labelled.wanted) from None
            lines.append(number)
            if len(lines) == CHUNK:
                yield labelled.rows(lines, columns[0], columns[1:])
                lines, columns = [], [[] for _ in names]
    yield labelled.rows(lines, columns[0], columns[1:])
    notes = [f"{path}: {blank_lines:,} blank lines were passed over"] if blank_lines else []
    yield from labelled.end(notes)


def _value(line: str) -> Any:
    """`json.loads`, without its preparations where a line begins with an object and ends with it.

    They take half of its time.
    """
    if line.startswith("{"):
        value, end = _DECODER.raw_decode(line)
        if not line[end:].strip(" \t\r\n"):  # what JSON calls white space
            return value
    return json.loads(line)


def _object(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        values = _value(line)
    except json.JSONDecodeError as error:
        place = Place(str(path), number, error.colno, line.rstrip("\r\n"))
        raise DataError(
            Problem(f"this is not JSON: {error.msg}", place, "each line is one JSON object")
        ) from error
    except (ValueError, RecursionError) as error:
        raise DataError(
            Problem(f"this cannot be read: {error}", line_place(TextFile.at(path), number))
        ) from error
    if not isinstance(values, dict):
        raise DataError(
            Problem(
                "this line is not a JSON object",
                line_place(TextFile.at(path), number),
                'each line is one: {"text": "...", "label": "..."}',
            )
        )
    return values


def _missing(path: Path, number: int, values: dict[str, Any], wanted: Wanted) -> DataError:
    name, key = next((name, key) for name, key in wanted if name not in values)
    close = nearest(name, values)
    hint = f"name the key that holds the {key} with `data.{key}`"
    return DataError(
        Problem(
            f"this line has no key `{name}`; it has {', '.join(f'`{found}`' for found in values)}",
            line_place(TextFile.at(path), number),
            f"did you mean `data.{key}: {close}`?" if close else hint,
        )
    )
