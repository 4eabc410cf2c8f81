"""JSON Lines: a JSON object on each line."""

import json
import re
from collections.abc import Iterator
from json import JSONDecodeError
from operator import itemgetter
from pathlib import Path
from typing import Any

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.disk.content import Watch, nobody_watches
from rnnbuild.data.disk.files import beside
from rnnbuild.data.disk.text_file import TextFile
from rnnbuild.data.readers.blocks import lines_of
from rnnbuild.data.readers.faults import Cell, Faults
from rnnbuild.data.readers.row_maker import RowMaker, Wanted
from rnnbuild.data.rows.note import FIX, Note, skipped
from rnnbuild.data.rows.rows import Rows
from rnnbuild.errors import nearest
from rnnbuild.formatting import plural
from rnnbuild.tasks.facts import Task
from rnnbuild.visible import shell_word

Object = dict[str, Any]

TOGETHER = 1 << 19
"""Characters of lines whose rows are made together."""
HINT = 'each line is one JSON object: {"text": "...", "label": "..."}'
SPREAD = "write each object on one line: `jq -c . {file} > {lines}`"
ARRAY = "the file is one list; write an object a line: `jq -c '.[]' {file} > {lines}`"


def read_jsonl(
    path: Path,
    data: DataConfig,
    task: Task,
    labelled: bool = True,
    watch: Watch = nobody_watches,
) -> Iterator[Rows]:
    """The text and labels of a file of objects, by the names of their keys.

    Words and tags may be lists of strings, and so may several labels.
    Raises DataError, with file and line, for a line that is not an object or lacks a key.
    """
    file = TextFile.at(path, watch, data.encoding)
    maker = RowMaker(file, data, task, labelled)
    width = len(maker.wanted)
    wanted = itemgetter(*(name for name, _ in maker.wanted))
    maker.faults.span = span_of_value
    reader = JsonLines(file, maker.faults)
    lines: list[int] = []
    # The cells of all rows, one row after the other. The garbage collector would have to traverse
    # objects if these were kept.
    cells: list[Any] = []
    objects: list[Object] = []
    size = 0

    def rows() -> Iterator[Rows]:
        if not labelled:
            return maker.given(lines, cells, objects)
        return maker.chunks(lines, [cells[column::width] for column in range(width)])

    for number, line, values in reader.objects():
        try:
            cells += wanted(values) if width > 1 else (wanted(values),)
        except KeyError:
            maker.faults.add(number, *_missing(values, maker.wanted))
            continue
        lines.append(number)
        if not labelled:
            objects.append(values)
        size += len(line)
        if size > TOGETHER:
            yield from rows()
            lines, cells, objects, size = [], [], [], 0
    yield from rows()
    yield from maker.end(reader.notes())


def span_of_value(line: str, key: Cell) -> tuple[int, int] | None:
    """Where in a line the value of a key is; None where that is not plain to see."""
    found = re.search(rf"{re.escape(json.dumps(key, ensure_ascii=False))}\s*:\s*", line)
    if found is None:
        return None
    try:
        return found.end(), json.JSONDecoder().raw_decode(line, found.end())[1]
    except JSONDecodeError:
        return None


class JsonLines:
    """Reads the objects of a file; lines without one are added to `faults`.

    Blank lines are skipped and counted in `blank_lines`; half a character is replaced, and its
    line counted in `replaced`.
    """

    def __init__(self, file: TextFile, faults: Faults):
        self.file = file
        self.faults = faults
        self.blank_lines = 0
        self.replaced = 0

    def objects(self) -> Iterator[tuple[int, str, Object]]:
        """Each line's number, the line and its object."""
        from rnnbuild.data.readers.json_value import REFUSED, decode  # msgspec takes 20 ms to load

        for number, line in enumerate(lines_of(self.file), 1):
            try:
                value = decode(line)
            except REFUSED:
                if line.isspace():
                    self.blank_lines += 1
                    continue
                value = self._read_slowly(number, line.rstrip("\r\n"))
                if value is None:
                    continue
            if type(value) is dict:
                yield number, line, value
            else:
                whole = isinstance(value, list) and number == 1
                hint = self._with_file(ARRAY) if whole else HINT
                self.faults.add(number, "this line is not a JSON object", hint)

    def notes(self) -> list[Note]:
        """Notes on what was skipped or replaced, once all objects are read."""
        notes = skipped(self.file.source, self.blank_lines, "blank line")
        if self.replaced:
            replaced = (
                f"{self.file.source}: read half of a character (a lone surrogate) as the "
                f"replacement character in {plural(self.replaced, 'line')}"
            )
            notes.append(Note(replaced, FIX))
        return notes

    def _with_file(self, hint: str) -> str:
        source = self.file.source
        return hint.format(file=shell_word(source), lines=beside("lines", source))

    def _read_slowly(self, number: int, line: str) -> Any:
        """The value of a line, or None for one that has none, which is a fault."""
        from rnnbuild.data.readers.python_json import read_slowly

        try:
            value, replaced = read_slowly(line)
        except JSONDecodeError as error:
            message = f"this is not JSON: {error.msg}"
            hint = _hint(number, line)
            if hint in (ARRAY, SPREAD):
                self.faults.add(number, message, self._with_file(hint), error.colno)
                self.faults.refuse()  # the other lines are parts of the same value
            self.faults.add(number, message, hint, error.colno)
            return None
        except (ValueError, RecursionError) as error:
            self.faults.add(number, f"this cannot be read: {_reason(error)}")
            return None
        self.replaced += replaced
        return value


def _hint(number: int, line: str) -> str:
    """How a line that is not JSON becomes JSON Lines."""
    text = line.strip()
    if number == 1 and text.startswith("["):
        return ARRAY
    if number == 1 and text == "{":
        return SPREAD
    if text.endswith("},"):
        return "remove the comma at the end of each line: lines are not items of a list"
    return HINT


def _missing(values: Object, wanted: Wanted) -> tuple[str, str]:
    """The fault of an object that lacks a key that the config asks for, and its hint."""
    name, key = next((name, key) for name, key in wanted if name not in values)
    close = nearest(name, values)
    hint = f"name the key of the {key} with `data.{key}`"
    return _has_no(name, values), f"did you mean `data.{key}: {close}`?" if close else hint


def _reason(error: ValueError | RecursionError) -> str:
    """Why Python's json gives up on a text that may well be JSON."""
    if isinstance(error, RecursionError):
        return "its brackets are nested too deep"
    return "a number has more than 4,300 digits" if "digits" in str(error) else str(error)


def _has_no(name: str, values: Object) -> str:
    return f"this line has no key `{name}`; it has {', '.join(f'`{key}`' for key in values)}"
