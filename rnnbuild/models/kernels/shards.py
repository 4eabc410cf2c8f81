"""Kernels on all processors: each direction and each part of a batch's rows is a task of its own.

Rows do not touch each other, so the result does not depend on how they are dealt out. Kernels
leave Python's lock, and so threads of one process really run side by side.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise

SMALLEST_TASK = 1 << 15
"""Numbers that a task writes at least: less is done before another thread has woken up."""

Task = Callable[[int, int], None]
"""Computes the rows from the first number up to the second."""


@cache
def processors() -> int:
    """Those that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@cache
def _pool() -> ThreadPoolExecutor:
    """The calling thread works too, so there is one fewer."""
    # Numba's products are by SciPy's BLAS, not NumPy's: only what is loaded can be limited.
    import scipy.linalg.cython_blas  # noqa: F401
    from threadpoolctl import threadpool_limits

    # The threads of BLAS would only get in the way of ours, and wait for work by spinning.
    threadpool_limits(1, user_api="blas")
    return ThreadPoolExecutor(max(1, processors() - 1), thread_name_prefix="rnnbuild-kernel")


def run(tasks: Sequence[Task], rows: int, numbers: int) -> None:
    """Every task over all rows; `numbers` is how many each writes in all."""
    pool = _pool()
    most = max(1, numbers // SMALLEST_TASK)
    parts = max(1, min(-(-processors() // len(tasks)), most, rows))
    bounds = [rows * part // parts for part in range(parts + 1)]
    calls = [(task, first, last) for task in tasks for first, last in pairwise(bounds)]
    if numbers < SMALLEST_TASK:
        for task, first, last in calls:
            task(first, last)
        return
    waiting = [pool.submit(task, first, last) for task, first, last in calls[1:]]
    task, first, last = calls[0]
    task(first, last)
    for done in waiting:
        done.result()
