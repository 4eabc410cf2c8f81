"""A bar on stderr for work over many rows, in a terminal only."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(total: int | None, what: str) -> Iterator[Callable[[int], None]]:
    """Yields what is called with how much more is done; nothing is shown in a file or pipe.

    Where `total` is not known the bar only moves, and the count is told.
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
