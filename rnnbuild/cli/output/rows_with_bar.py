"""Rows of what has ended, and in a terminal a bar below them with what is going on."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rnnbuild.cli.output.rows import Rows
from rnnbuild.cli.output.screen import is_terminal, painter, print_note, width_of
from rnnbuild.visible import visible
from rnnbuild.wording.layout import unpainted
from rnnbuild.wording.prose import wrapped


class RowsWithBar:
    """Rows, notes between them, and what is going on by the name of each part."""

    def __init__(self, total: int, rows: Rows, width: int | None = None, bar: Any = None):
        self.total, self.rows, self.width, self.bar = total, rows, width, bar
        self.done = 0
        self.running: dict[str, str] = {}

    @property
    def number(self) -> str:
        """`3/12`: how many parts have ended."""
        return f"{self.done}/{self.total}"

    def remark(self, text: str) -> None:
        """Print what is good to know, which `--quiet` does without."""
        self.note(text)

    def note(self, text: str) -> None:
        for line in wrapped(visible(f"note: {text}"), self.width, hanging="  "):
            self.rows.line(line)

    def goes_on(self, name: str, text: str) -> None:
        self.running[name] = text
        self.show()

    def ended(self, name: str) -> None:
        """Count a part that has ended; its row or note follows."""
        self.done += 1
        self.running.pop(name, None)
        self.show()

    def show(self) -> None:
        if self.bar is not None:
            texts = [f"{name}: {text}" for name, text in self.running.items()]
            description = visible("; ".join(texts))
            self.bar.update(self.bar.task_ids[0], completed=self.done, description=description)


class NotesAlone(RowsWithBar):
    """Prints neither rows nor remarks, for `--quiet`."""

    def __init__(self, total: int):
        super().__init__(total, Rows(lambda text: None, unpainted))

    def remark(self, text: str) -> None: ...

    def note(self, text: str) -> None:
        print_note(text)


@contextmanager
def rows_with_bar(total: int, quiet: bool) -> Iterator[RowsWithBar]:
    """What suits stderr while `total` parts are computed: with a bar in a terminal alone."""
    paint = painter(sys.stderr)
    if quiet:
        yield NotesAlone(total)
        return
    if not is_terminal(sys.stderr):
        yield RowsWithBar(total, Rows(lambda text: print(text, file=sys.stderr, flush=True), paint))
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
    from rich.table import Column
    from rich.text import Text

    console = Console(stderr=True, highlight=False, width=width_of(sys.stderr))

    def write(text: str) -> None:
        console.print(Text.from_ansi(text), soft_wrap=True)

    # What is going on has the room that the numbers leave.
    rest = Column(ratio=1, no_wrap=True, overflow="ellipsis")
    columns = (
        MofNCompleteColumn(table_column=Column(no_wrap=True)),
        TimeRemainingColumn(table_column=Column(no_wrap=True)),
        TextColumn("{task.description}", markup=False, table_column=rest),
    )
    with Progress(*columns, console=console, transient=True, expand=True) as bar:
        bar.add_task("", total=total)
        rows = Rows(write, paint, console.height)
        yield RowsWithBar(total, rows, console.width, bar)
