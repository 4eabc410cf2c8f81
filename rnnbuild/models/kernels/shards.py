"""Kernels on all CPUs: rows of a batch, or panels of weights, side by side.

Every number of a result is one sum in one order (`products.py`), whoever computes it, so that a
result depends neither on the number of CPUs nor on how the work is cut. Kernels release Python's
lock, and so threads of one process really run side by side. `processors()` says how many do.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise

from rnnbuild.threads import processors as processors  # for the callers of `parts_of` and `run`

SMALLEST_TASK = 1 << 22
"""Products of numbers that a task takes at least: fewer are done before a thread has woken up."""

ROWS_TOGETHER = 8
"""Rows of a part are a multiple, where they can be: products are of as many rows at once."""

Part = tuple[int, int]
"""The rows from the first number up to the second."""


@cache
def _pool() -> ThreadPoolExecutor:
    """The calling thread works too, so there is one fewer."""
    return ThreadPoolExecutor(max(1, processors() - 1), thread_name_prefix="rnnbuild-kernel")


def parts_of(count: int, most: int, together: int = 1) -> list[Part]:
    """At most so many parts of nearly equal size, each but the last a multiple of `together`."""
    groups = max(1, count // together)
    most = max(1, min(most, groups))
    bounds = [groups * part // most * together for part in range(most)]
    return list(pairwise([*bounds, count]))


def run(tasks: Sequence[Callable[[], None]], alone: bool = False) -> None:
    """Calls all tasks, side by side where there are several; or one after the other, `alone`."""
    if alone:
        for task in tasks:
            task()
        return
    first, *others = tasks
    waiting = [(task, _pool().submit(task)) for task in others]
    first()
    # Those that no other thread has begun are done here; the last ones, since the others come next.
    for task, begun in reversed(waiting):
        if begun.cancel():
            task()
        else:
            begun.result()
