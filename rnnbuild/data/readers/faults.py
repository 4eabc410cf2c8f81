"""Faults of a file's lines: gathered, so that the first few are reported together."""

from itertools import islice

from rnnbuild.data.disk.text_file import TextFile
from rnnbuild.errors import DataError, Place, Problem

SHOWN = 5
COMMENT_SIGNS = ("#", "//", "%")
"""What lines begin with in files that have comments."""


class Faults:
    """The faults of one file's lines: the first SHOWN are kept, and all are counted."""

    def __init__(self, file: TextFile, hint: str, beside: TextFile | None = None):
        self.file = file
        self.hint = hint
        self.beside = beside
        """A file that has the other half of each line."""
        self.count = 0
        self._first: list[tuple[int, int | None, str, str]] = []

    def add(
        self, line: int, message: str, hint: str | None = None, column: int | None = None
    ) -> None:
        """Count a fault of a line, or of one column of it; `hint` is for it alone."""
        self.count += 1
        if self.beside is not None:
            message += f" (line {line:,} of {self.beside.source})"
        if self.count <= SHOWN:
            self._first.append((line, column, message, hint or self.hint))

    def refuse(self) -> None:
        """Raise DataError if there are any; each hint is given once, with the last of its lines."""
        if not self.count:
            return
        last = {hint: number for number, (*_, hint) in enumerate(self._first)}
        more = self.count - len(self._first)
        problems = [
            Problem(
                message,
                line_place(self.file, line, column),
                hint if last[hint] == number and not more else None,
            )
            for number, (line, column, message, hint) in enumerate(self._first)
        ]
        if more:
            lines = "line" if more == 1 else "lines"
            hint = "; ".join(last)
            problems.append(Problem(f"{self.file.source}: {more:,} more such {lines}", hint=hint))
        raise DataError(problems)


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
