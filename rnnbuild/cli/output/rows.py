"""Rows of a growing table on stderr, and the notes between them."""

from collections.abc import Callable

from rnnbuild.wording.growing_table import GrowingTable
from rnnbuild.wording.layout import Paint
from rnnbuild.wording.table import Row

LIVE_LINES = 10
"""Lines of a terminal that displays below the rows take, with some to spare."""


class Rows:
    """Prints rows as they come, below their header.

    In a terminal of `height` lines the header is repeated before it leaves the screen, as vmstat
    does it; None is a file or a pipe, which has it once.
    """

    def __init__(self, write: Callable[[str], None], paint: Paint, height: int | None = None):
        self.write, self.paint = write, paint
        self.room = None if height is None else max(1, height - LIVE_LINES)
        self.since: int | None = None
        """Lines since the last header; None before the first one."""

    def add(self, table: GrowingTable, row: Row) -> None:
        if self.since is None or (self.room is not None and self.since >= self.room):
            for line in table.header(self.paint):
                self.write(line)
            self.since = 0
        for line in table.row(row, self.paint):
            self.line(line)

    def line(self, text: str) -> None:
        """Print a line of another kind, as of a note."""
        self.write(text)
        if self.since is not None:
            self.since += 1
