"""Work in phases on several threads, each of which takes part in all of them.

A thread that is asleep takes as long to wake up as a small layer to compute. So it is woken up once
for all phases of a pass, and waits in between as those that share a step do (`meeting.py`).
"""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any

import numpy as np

from rnnbuild.models.kernels import shards
from rnnbuild.models.kernels.functions import kernel
from rnnbuild.models.kernels.meeting import meet

Phase = Sequence[Callable[[], None]]
"""Calls that do not depend on each other; or, as many as there are threads, that meet."""

_MEETING = Lock()
"""Threads of two calls that waited for each other's would wait for ever."""


def run_in_phases(phases: Sequence[Phase], threads: int) -> None:
    """Makes all calls of a phase, each by the next thread that is free, before those of the next.

    Raises the first error of a call, once all threads have come to the end; later calls are left
    out.
    """
    if threads == 1:
        for phase in phases:
            for call in phase:
                call()
        return
    # Taking the next item of an iterator is one step for Python: no two threads get the same.
    queues, counter = [iter(phase) for phase in phases], np.zeros(1, np.int64)
    errors: list[BaseException] = []

    def work() -> None:
        for number, queue in enumerate(queues):
            if number > 0:
                wait_for_all(counter, threads, number - 1)
            try:
                for call in queue:
                    if not errors:
                        call()
            # Raised below, an interruption too: here it would leave the others waiting.
            except BaseException as error:
                errors.append(error)

    with _MEETING:
        shards.run([work] * threads)
    if errors:
        raise errors[0]


@kernel
def wait_for_all(counter: Any, threads: int, number: int) -> None:
    """Returns when all threads are through with the phase that has this number."""
    meet(counter, threads, number)
