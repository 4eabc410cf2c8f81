"""Labelled text in JSON Lines: a JSON object on each line."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.disk.files import TextFile, open_text
from rnnbuild.data.readers.blocks import Blocks
from rnnbuild.data.readers.faults import line_place
from rnnbuild.data.readers.labelled import LabelledRows, Wanted
from rnnbuild.data.rows.rows import CHUNK, Rows
from rnnbuild.errors import DataError, Place, Problem, nearest
from rnnbuild.tasks.facts import Task

_DECODER: Any = json.JSONDecoder()
"""`scan_once` is an attribute of it that type checkers do not know of."""


def read_jsonl(path: Path, data: DataConfig, task: Task) -> Iterator[Rows]:
    """The text and labels of a file of objects, by the names of their keys.

    Words and tags may be lists of strings, and so may several labels. Blank lines are passed over
    and counted. Raises DataError, with file and line, for a line that is no object or lacks a key.
    """
    labelled = LabelledRows(TextFile.at(path), data, task)
    names = [name for name, _ in labelled.wanted]
    line, blank_lines = 0, 0
    with open_text(path) as stream:
        blocks = Blocks(stream)
        while text := blocks.block():
            columns = _columns(text, names)
            if columns is not None:
                lines = list(range(line + 1, line + 1 + len(columns[0])))
                line += len(lines)
            else:
                lines, columns = [], [[] for _ in names]
                for content in io.StringIO(text, newline=""):
                    line += 1
                    if content.isspace():
                        blank_lines += 1
                        continue
                    values = _object(path, line, content)
                    if not values.keys() >= set(names):
                        raise _missing(path, line, values, labelled.wanted)
                    lines.append(line)
                    for name, column in zip(names, columns, strict=True):
                        column.append(values[name])
            for first in range(0, len(lines), CHUNK):
                part = slice(first, first + CHUNK)
                yield labelled.rows(lines[part], columns[0][part], [c[part] for c in columns[1:]])
    notes = [f"{path}: {blank_lines:,} blank lines were passed over"] if blank_lines else []
    yield from labelled.end(notes)


def _columns(text: str, names: list[str]) -> list[list[Any]] | None:
    """The values of some keys, of the object on each line of a block.

    None where a line is anything else, has spaces around its object, or lacks a key.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.endswith("\n"):
        text += "\n"
    cells: list[Any] = []
    place, count, size = 0, 0, len(text)
    try:
        while place < size:
            # `raw_decode` is this and a call of Python's; to cut the lines out copies them.
            value, end = _DECODER.scan_once(text, place)
            if type(value) is not dict or text[end] != "\n":
                return None
            # Objects that were kept would be looked through by the garbage collector.
            cells += map(value.__getitem__, names)
            place = end + 1
            count += 1
    except (ValueError, KeyError, StopIteration, RecursionError):
        return None
    # An object that goes on for several lines is more than one of JSON Lines.
    if text.count("\n") != count:
        return None
    return [cells[column :: len(names)] for column in range(len(names))]


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
