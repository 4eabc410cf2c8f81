"""JSON Lines: a JSON object on each line."""

from collections.abc import Iterator
from json import JSONDecodeError
from operator import itemgetter
from pathlib import Path
from typing import Any

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.disk.files import TextFile
from rnnbuild.data.readers.blocks import lines_of
from rnnbuild.data.readers.faults import place_of
from rnnbuild.data.readers.labelled import LabelledRows, Wanted, description_of
from rnnbuild.data.readers.text_rows import ChooseColumn, TextRow, text_of
from rnnbuild.data.rows.rows import Rows
from rnnbuild.errors import DataError, Place, Problem, nearest
from rnnbuild.formatting import plural
from rnnbuild.tasks.facts import Task

Object = dict[str, Any]

TOGETHER = 1 << 19
"""Characters of lines whose rows are made together."""


def read_jsonl(path: Path, data: DataConfig, task: Task) -> Iterator[Rows]:
    """The text and labels of a file of objects, by the names of their keys.

    Words and tags may be lists of strings, and so may several labels.
    Raises DataError, with file and line, for a line that is not an object or lacks a key.
    """
    file = TextFile.at(path)
    labelled = LabelledRows(file, data, task)
    width = len(labelled.wanted)
    wanted = itemgetter(*(name for name, _ in labelled.wanted))
    reader = JsonLines(file)
    lines: list[int] = []
    # The cells of all rows, one row after the other. The garbage collector would have to traverse
    # objects if these were kept.
    cells: list[Any] = []
    size = 0
    for number, line, values in reader.objects():
        try:
            cells += wanted(values)
        except KeyError:
            raise _missing(place_of(file.source, number, line), values, labelled.wanted) from None
        lines.append(number)
        size += len(line)
        if size > TOGETHER:
            yield from labelled.chunks(lines, [cells[column::width] for column in range(width)])
            lines, cells, size = [], [], 0
    yield from labelled.chunks(lines, [cells[column::width] for column in range(width)])
    notes = []
    if reader.replaced:
        notes.append(
            f"{path}: read half of a character (a lone surrogate) as the replacement character in "
            f"{plural(reader.replaced, 'line')}"
        )
    yield from labelled.end(notes, reader.blank_lines)


def jsonl_text_rows(file: TextFile, delimiter: str, choose: ChooseColumn) -> Iterator[TextRow]:
    """The text of each object, with all of its keys. Raises DataError, with file and line."""
    column = None
    for number, line, values in JsonLines(file).objects():
        column = column or choose(tuple(values))
        text = text_of(values.get(column))
        if text is None:
            raise _no_text(place_of(file.source, number, line), values, column)
        yield text, values


class JsonLines:
    """Reads the objects of a file.

    Blank lines are skipped and counted in `blank_lines`; half a character is replaced, and its
    line counted in `replaced`.
    """

    def __init__(self, file: TextFile):
        self.file = file
        self.blank_lines = 0
        self.replaced = 0

    def objects(self) -> Iterator[tuple[int, str, Object]]:
        """Each line's number, the line and its object. Raises DataError for a line without one."""
        from rnnbuild.data.readers.json_value import REFUSED, decode  # msgspec takes 20 ms to load

        for number, line in enumerate(lines_of(self.file), 1):
            try:
                value = decode(line)
            except REFUSED:
                if line.isspace():
                    self.blank_lines += 1
                    continue
                value = self._read_slowly(number, line.rstrip("\r\n"))
            if type(value) is not dict:
                raise _no_object(place_of(self.file.source, number, line))
            yield number, line, value

    def _read_slowly(self, number: int, line: str) -> Any:
        from rnnbuild.data.readers.json_value import read_slowly

        try:
            value, replaced = read_slowly(line)
        except JSONDecodeError as error:
            place = Place(self.file.source, number, error.colno, line)
            problem = Problem(
                f"this is not JSON: {error.msg}", place, "each line is one JSON object"
            )
            raise DataError(problem) from error
        except (ValueError, RecursionError) as error:
            place = place_of(self.file.source, number, line)
            raise DataError(Problem(f"this cannot be read: {error}", place)) from error
        self.replaced += replaced
        return value


def _no_object(place: Place) -> DataError:
    hint = 'each line is one: {"text": "...", "label": "..."}'
    return DataError(Problem("this line is not a JSON object", place, hint))


def _missing(place: Place, values: Object, wanted: Wanted) -> DataError:
    """The error for an object that lacks one of the keys that the config asks for."""
    name, key = next((name, key) for name, key in wanted if name not in values)
    close = nearest(name, values)
    hint = f"name the key of the {key} with `data.{key}`"
    hint = f"did you mean `data.{key}: {close}`?" if close else hint
    return DataError(Problem(_has_no(name, values), place, hint))


def _no_text(place: Place, values: Object, name: str) -> DataError:
    if name not in values:
        return DataError(Problem(_has_no(name, values), place))
    problem = f"the text is {description_of(values[name])}"
    return DataError(Problem(problem, place, "write it in quotes"))


def _has_no(name: str, values: Object) -> str:
    return f"this line has no key `{name}`; it has {', '.join(f'`{key}`' for key in values)}"
