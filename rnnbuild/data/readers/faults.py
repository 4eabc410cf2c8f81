"""Faults of a file's lines: gathered, so that the first few are reported together."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice

from rnnbuild.data.disk.text_file import TextFile
from rnnbuild.data.rows.note import Note
from rnnbuild.errors import DataError, Place, Problem
from rnnbuild.formatting import plural

SHOWN = 5
NAMED = 3
"""Skipped rows that a note names."""
COMMENT_SIGNS = ("#", "//", "%")
"""What lines begin with in files that have comments."""
SKIP = "`data.skip_bad_rows: true` skips such rows"

Cell = str | int
"""A column by its name, or all fields of a line from one on, by its number from 0."""
CellSpan = Callable[[str, Cell], tuple[int, int] | None]
"""Where in a line a cell is: its first character, from 0, and the one after it."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a line; with one column of it, or with a part of it, if that is known."""

    line: int
    message: str
    hint: str
    column: int | None = None
    cell: Cell | None = None


class Faults:
    """The faults of one file's lines: the first SHOWN are kept, and all are counted.

    `skip` says whether rows with faults are skipped (`data.skip_bad_rows`); None where none can be.
    """

    def __init__(self, file: TextFile, hint: str, skip: bool | None = None):
        self.file = file
        self.hint = hint
        self.skip = skip
        self.count = 0
        self.bad: set[int] = set()
        """The lines of rows that are skipped."""
        self.beside: TextFile | None = None
        """A file that has the other half of each line."""
        self.span: CellSpan = lambda text, column: None
        self._first: list[Fault] = []

    def add(
        self,
        line: int,
        message: str,
        hint: str | None = None,
        column: int | None = None,
        cell: Cell | None = None,
    ) -> None:
        """Count a fault of a line, from its character `column` on or in a `cell`; `hint` is for it
        alone."""
        self.count += 1
        if self.skip:
            self.bad.add(line)
        if isinstance(cell, str) and cell not in re.findall(r"\w+", message):
            message += f" (column `{cell}`)"
        if self.beside is not None:
            message += f" (line {line:,} of {self.beside.source})"
        if self.count <= SHOWN:
            self._first.append(Fault(line, message, hint or self.hint, column, cell))

    def refuse(self, otherwise: str | None = None) -> None:
        """Raise DataError if there are any; each hint is given once, with the last of its lines.

        `otherwise` is what may be done without fixing them.
        """
        if not self.count:
            return
        shown = sorted(self._first, key=lambda fault: fault.line)
        last = {fault.hint: number for number, fault in enumerate(shown)}
        more = self.count - len(shown)
        end = [otherwise] if otherwise else []
        problems = []
        for number, fault in enumerate(shown):
            hints = [fault.hint] if last[fault.hint] == number and not more else []
            hints += end if number == len(shown) - 1 and not more else []
            place = self._place(fault)
            problems.append(Problem(fault.message, place, "; ".join(hints) or None))
        if more:
            lines = "line" if more == 1 else "lines"
            hint = "; ".join([*last, *end])
            problems.append(Problem(f"{self.file.source}: {more:,} more such {lines}", hint=hint))
        raise DataError(problems)

    def settle(self, rows: int, bad: int | None = None) -> list[Note]:
        """The note on the rows that were skipped, beside `rows` that were not, once all are read.

        `bad` is their number where they may have several lines. Raises DataError where none are to
        be skipped, or more than are read, which are no exceptions.
        """
        if not self.count:
            return []
        if not self.skip:
            few = self.skip is False and 2 * (bad or self.count) <= rows
            self.refuse(SKIP if few else None)
        bad = len(self.bad) if bad is None else bad
        if bad > rows:
            self.refuse("`data.skip_bad_rows` skips no more rows than are read")
        first = sorted({fault.line: fault.message for fault in self._first}.items())[:NAMED]
        places = "; ".join(f"line {line:,}: {message}" for line, message in first)
        more = f"; and {bad - len(first):,} more" if bad > len(first) else ""
        skipped = f"{self.file.source}: skipped {plural(bad, 'bad row')}: {places}{more}"
        return [Note(skipped, "Fix them; without `data.skip_bad_rows` the first are shown.")]

    def _place(self, fault: Fault) -> Place:
        place = line_place(self.file, fault.line, fault.column)
        span = self.span(place.text, fault.cell) if fault.cell is not None else None
        if span is None:
            return place
        first, end = span
        return replace(place, column=first + 1, length=max(1, end - first))


def skipped_rows(note: str) -> tuple[str, str] | None:
    """How many rows a note says were skipped, and the first of them; None for another note."""
    match = re.search(r"skipped ([\d,]+ bad rows?): (.*)", note, re.DOTALL)
    return match and (match[1], match[2])


def comment_hint(line: str) -> str | None:
    """The hint for a line that does not fit and looks like a comment."""
    sign = next((sign for sign in COMMENT_SIGNS if line.startswith(sign)), None)
    return sign and f'if lines that begin with `{sign}` are comments: `data.comment: "{sign}"`'


def refuse(file: TextFile, faults: list[tuple[int, str]], hint: str) -> None:
    """Raise DataError if there are faults, each (line, message)."""
    gathered = Faults(file, hint)
    for line, message in faults:
        gathered.add(line, message)
    gathered.refuse()


def line_place(file: TextFile, line: int, column: int | None = None) -> Place:
    """The place of a whole line of a file, or of one column; it is read again up to there."""
    with file.open() as stream:
        text = next(islice(stream, line - 1, line), "")
    if column is not None:
        return Place(file.source, line, column, text.rstrip("\r\n"))
    return place_of(file.source, line, text)


def place_of(source: str, line: int, text: str) -> Place:
    """The place of a whole line, whose `text` is known."""
    text = text.rstrip("\r\n")
    return Place(source, line, 1, text, max(1, len(text)))
