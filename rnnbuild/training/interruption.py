"""Ctrl-C and SIGTERM: the first finishes the step and saves, the second leaves at once."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass
class StopRequest:
    """Set by a signal; the loop looks at it after each step."""

    signal_number: int | None = None


@contextmanager
def stop_requests() -> Iterator[StopRequest]:
    """Within, a first signal only sets the request; a second one ends the process at once."""
    request = StopRequest()
    if threading.current_thread() is not threading.main_thread():
        # Only the main thread may handle signals; elsewhere the program around us does.
        yield request
        return

    def handle(number: int, frame: FrameType | None) -> None:
        if request.signal_number is not None:
            os._exit(128 + number)
        request.signal_number = number

    before = {number: signal.signal(number, handle) for number in SIGNALS}
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
