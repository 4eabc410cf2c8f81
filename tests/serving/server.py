"""`rnnbuild serve` in a process of its own."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SERVE = (sys.executable, "-m", "rnnbuild", "serve", "--port", "0", "--drain", "0")
PLAIN = (sys.executable, str(Path(__file__).parent / "plain.py"))
"""A server without a model, which starts sooner."""
START = 60.0
"""Seconds that a server may take until it is ready, on a machine in use."""


@dataclass(frozen=True)
class Server:
    """A server that has said its address."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path
    """What it has written, to stdout and to stderr."""


@contextmanager
def serving(*arguments: object, folder: Path, command: Sequence[str] = SERVE) -> Iterator[Server]:
    """A server on a free port of loopback, started in a folder where it writes `serve.log`.

    It is ended by SIGTERM if it still runs, without a drain unless arguments state one, and must
    then exit with 0.
    """
    log = folder / "serve.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, *map(str, arguments)],
            cwd=folder,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Server(address_in(log, process), process, log)
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0, log.read_text()
    finally:
        process.kill()
        process.wait()


def address_in(log: Path, process: "subprocess.Popen[bytes]") -> str:
    """The address that a server writes once it answers."""
    end = time.monotonic() + START
    while time.monotonic() < end:
        text = log.read_text()
        if address := re.search(r" at (http://\S+);", text):
            return address[1]
        if process.poll() is not None:
            break
        time.sleep(0.02)
    raise AssertionError(f"the server did not start:\n{log.read_text()}")
