"""A progress bar on stderr, shown only in a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(total: int | None, what: str) -> Iterator[Callable[[int], None]]:
    """Yields a function to call with the amount of work just done; a file or pipe gets no output.

    Without a `total` the bar only pulses, and the count is shown beside it.
    """
    if not sys.stderr.isatty():
        yield lambda amount: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = [TextColumn(what), BarColumn(bar_width=28)]
    columns += [TimeRemainingColumn()] if total else [TextColumn("{task.completed:,.0f}")]
    console = Console(stderr=True, highlight=False)
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda amount: bar.advance(task, amount)
