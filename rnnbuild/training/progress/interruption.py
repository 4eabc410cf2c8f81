"""Ctrl-C and SIGTERM: after the first the step is finished and saved; the second exits at once."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil, isinf
from types import FrameType

from rnnbuild.errors import Interrupted
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.tasks.facts import DataFacts
from rnnbuild.visible import command_text
from rnnbuild.wording.next_command import next_command

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StopRequestedError(Exception):
    """Ends an evaluation that is under way when a stop is requested."""


@dataclass
class StopRequest:
    """Set by a signal; the loop looks at it after each step."""

    signal_number: int | None = None

    @property
    def requested(self) -> bool:
        return self.signal_number is not None

    def heed(self, rows: int = 0) -> None:
        """Called after each batch of an evaluation. Raises StopRequestedError once requested."""
        if self.requested:
            raise StopRequestedError


@contextmanager
def stop_requests() -> Iterator[StopRequest]:
    """Within this context a first signal sets the request; a second one ends the process."""
    request = StopRequest()
    if threading.current_thread() is not threading.main_thread():
        # Only the main thread may handle signals; in any other, that is the caller's job.
        yield request
        return

    def handle(number: int, frame: FrameType | None) -> None:
        if request.requested:
            os._exit(128 + number)
        request.signal_number = number

    before = {number: signal.signal(number, handle) for number in SIGNALS}
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def interruption_of(
    run: RunDirectory, facts: DataFacts, stop: StopRequest, seconds_left: float
) -> Interrupted:
    """The exception that ends a run once its work is saved; its hint says how to continue, and how
    to use it as it is."""
    limit = [] if isinf(seconds_left) else [f"--for {ceil(seconds_left)}s"]
    return Interrupted(
        f"{run.path} contains everything trained so far",
        stop.signal_number or signal.SIGINT,
        f"continue with: {command_text('resume', run.path, *limit)}; or use it as it is: "
        f"{next_command(run.path, facts)}",
    )
