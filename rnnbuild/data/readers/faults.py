"""Faults of a file's lines: gathered, so that the first few are reported together."""

from itertools import islice

from rnnbuild.data.disk.files import TextFile
from rnnbuild.errors import DataError, Place, Problem

SHOWN = 5


class Faults:
    """The faults of one file's lines: the first SHOWN are kept, and all are counted."""

    def __init__(self, file: TextFile, hint: str):
        self.file = file
        self.hint = hint
        self.count = 0
        self._first: list[tuple[int, str]] = []

    def add(self, line: int, message: str) -> None:
        self.count += 1
        if self.count <= SHOWN:
            self._first.append((line, message))

    def refuse(self) -> None:
        """Raise DataError if there are any."""
        if not self.count:
            return
        problems = [Problem(message, line_place(self.file, line)) for line, message in self._first]
        more = self.count - len(problems)
        if more:
            lines = "line" if more == 1 else "lines"
            problems.append(Problem(f"{self.file.source}: {more:,} more such {lines}"))
        last = problems.pop()
        raise DataError([*problems, Problem(last.message, last.place, self.hint)])


def refuse(file: TextFile, faults: list[tuple[int, str]], hint: str) -> None:
    """Raise DataError if there are faults, each (line, message)."""
    gathered = Faults(file, hint)
    for line, message in faults:
        gathered.add(line, message)
    gathered.refuse()


def line_place(file: TextFile, line: int) -> Place:
    """The place of a whole line of a file, which is read again up to there."""
    with file.open() as stream:
        return place_of(file.source, line, next(islice(stream, line - 1, line), ""))


def place_of(source: str, line: int, text: str) -> Place:
    """The place of a whole line, whose `text` is known."""
    text = text.rstrip("\r\n")
    return Place(source, line, 1, text, max(1, len(text)))
