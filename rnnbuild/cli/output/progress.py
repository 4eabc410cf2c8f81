"""A progress bar on stderr, shown only in a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rnnbuild.cli.output.screen import is_terminal, width_of

BAR = 28
BESIDE = 10
"""Columns beside text and bar: the time left, or a count, and the spaces between them."""


@contextmanager
def progress(total: int | None, what: str, shown: bool = True) -> Iterator[Callable[[int], None]]:
    """Yields a function to call with the amount of work just done; a file or pipe gets no output.

    Without a `total` the bar only pulses, and the count is shown beside it.
    """
    if not shown or not is_terminal(sys.stderr):
        yield lambda amount: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn

    width = width_of(sys.stderr)
    room = BAR if width is None else min(BAR, width - len(what) - BESIDE)
    columns: list[ProgressColumn] = [TextColumn(what, markup=False)]
    columns += [BarColumn(bar_width=room)] if room > 4 else []
    columns += [TimeRemainingColumn()] if total else [TextColumn("{task.completed:,.0f}")]
    console = Console(stderr=True, highlight=False, width=width)
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda amount: bar.advance(task, amount)
