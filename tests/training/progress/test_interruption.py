"""Signals: the first is a request, the second ends the process at once."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rnnbuild.runs.directory import RunDirectory
from rnnbuild.tasks.facts import DataFacts
from rnnbuild.training.progress.interruption import (
    StopRequest,
    StopRequestedError,
    interruption_of,
    stop_requests,
)

WAITS_LONG = """
import sys, time
from rnnbuild.training.progress.interruption import stop_requests
with stop_requests() as stop:
    print("ready", flush=True)
    while not stop.requested:
        time.sleep(0.01)
    print("requested", flush=True)
    time.sleep(600)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_second_signal_leaves_at_once(number: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", WAITS_LONG], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(number)
        assert process.stdout.readline() == b"requested\n"
        process.send_signal(number)
        assert process.wait(timeout=60) == 128 + number


def test_afterwards_signals_mean_what_they_meant_before() -> None:
    before = signal.getsignal(signal.SIGINT)
    with stop_requests() as stop:
        signal.raise_signal(signal.SIGINT)
        assert stop.signal_number == signal.SIGINT
        with pytest.raises(StopRequestedError):
            stop.heed()
    assert signal.getsignal(signal.SIGINT) == before


def test_the_command_to_go_on_with_keeps_the_time_that_is_left() -> None:
    error = interruption_of(
        RunDirectory(Path("runs/a b")), DataFacts("classify"), StopRequest(15), 61.2
    )
    assert error.signal_exit_code == 143
    assert error.problems[0].hint == (
        "continue with: rnnbuild resume 'runs/a b' --for 62s; or use it as it is: rnnbuild predict "
        "'runs/a b' \"...\""
    )
