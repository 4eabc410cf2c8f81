"""The signals that end a program: SIGTERM of a supervisor, SIGINT of Ctrl-C, SIGHUP of a terminal
that is closed."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]
"""Windows has no SIGHUP."""
Handler = Callable[[int, FrameType | None], None]


def signals() -> list[signal.Signals]:
    """Those of them that end this program: under `nohup` the terminal's does not."""
    terminal = getattr(signal, "SIGHUP", None)
    ignored = terminal is not None and signal.getsignal(terminal) is signal.SIG_IGN
    return [number for number in SIGNALS if number != terminal or not ignored]


@contextmanager
def signals_to(handle: Handler) -> Iterator[None]:
    """Within, signals are handled by a function."""
    before = {number: signal.signal(number, handle) for number in signals()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def end_at_once(number: int, frame: FrameType | None) -> None:
    """Handles a signal when there is nothing to finish, or nothing more is waited for.

    No exception: one that is raised while a library is imported, or an object is deleted, is
    swallowed there or reported as another. What is unfinished on disk, the next process deletes.
    """
    os._exit(128 + number)


def end_at_once_from_now() -> None:
    """Has signals end the process at once, until it has ended."""
    for number in signals():
        signal.signal(number, end_at_once)
