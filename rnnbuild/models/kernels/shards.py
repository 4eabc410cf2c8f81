"""Kernels on all CPUs: each part of a batch's rows is a task of its own.

How a batch is cut follows from its size alone, and the parts' gradients are added in order, so that
a result does not depend on the number of CPUs. Kernels release Python's lock, and so threads of one
process really run side by side.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise

SMALLEST_TASK = 1 << 15
"""Numbers that a task writes at least: less is done before another thread has woken up."""

FEWEST_ROWS = 16
"""Rows of a part, at least: the vector instructions of a product want no fewer."""

MOST_PARTS = 8
"""Most parts of a batch: each has gradients of all weights."""

Part = tuple[int, int]
"""The rows from the first number up to the second."""


@cache
def processors() -> int:
    """Those that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@cache
def _pool() -> ThreadPoolExecutor:
    """The calling thread works too, so there is one fewer."""
    import scipy.linalg.cython_blas  # noqa: F401  (what Numba multiplies with: loaded so that it can be limited)
    from threadpoolctl import threadpool_limits

    # The threads of BLAS would only get in the way of ours, and wait for work by spinning.
    threadpool_limits(1, user_api="blas")
    return ThreadPoolExecutor(max(1, processors() - 1), thread_name_prefix="rnnbuild-kernel")


def parts_of(rows: int, numbers: int) -> list[Part]:
    """The rows of each task, for tasks that together write this many numbers."""
    count = max(1, min(rows // FEWEST_ROWS, numbers // SMALLEST_TASK, MOST_PARTS))
    bounds = [rows * part // count for part in range(count + 1)]
    return list(pairwise(bounds))


def run(task: Callable[[int, Part], None], parts: Sequence[Part]) -> None:
    """Calls the task with each part and its number."""
    pool = _pool()
    waiting = [pool.submit(task, number, part) for number, part in enumerate(parts) if number]
    task(0, parts[0])
    for done in waiting:
        done.result()
