"""One command, run in this process as a shell would run it, and what must not come of it."""

import contextlib
import io
import json
import resource
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from rnnbuild.cli.app import main

SECONDS = 20
"""Processor time of one command. The slowest takes a second; the rest is a slow machine."""
MEMORY = 3 << 30
"""Bytes of addresses that a command may ask for besides what the process has already."""


@dataclass(frozen=True)
class Outcome:
    """What a command printed, and its exit code; `broke` says why it never ended by itself."""

    code: int
    out: str
    err: str
    broke: str = ""


class TookTooLong(BaseException):
    """Raised by the timer. No handler of errors may take it for one."""


def outcome_of(arguments: Sequence[str]) -> Outcome:
    """Run `rnnbuild` with these arguments. Whatever it raises but its own exit is noted."""
    out, err = io.StringIO(), io.StringIO()
    code, broke, before = 0, "", sys.argv
    sys.argv = ["rnnbuild", *arguments]
    try:
        with (
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            _bounded_time(),
            _bounded_memory(),
        ):
            main()
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 0 if error.code is None else 1
    except TookTooLong:
        broke = f"took more than {SECONDS} seconds"
    except BaseException as error:
        broke = f"raised {type(error).__name__}: {error}"
    finally:
        sys.argv = before
    return Outcome(code, out.getvalue(), err.getvalue(), broke)


def faults_of(outcome: Outcome, arguments: Sequence[str]) -> list[str]:
    """What is wrong with how a command ended: nothing, for an answer or a clear error."""
    faults = [outcome.broke] if outcome.broke else []
    if "unexpected error in rnnbuild" in outcome.err or "Traceback" in outcome.err:
        faults.append("rnnbuild itself failed")
    if outcome.code not in (0, 2):
        faults.append(f"exit code {outcome.code}")
    # `data` and, as JSON or CSV, `check` say what is wrong in what they print.
    if outcome.code == 2 and "error: " not in outcome.err and not outcome.out:
        faults.append("exit code 2, and no error is printed")
    if any("MemoryError" in text for text in (outcome.err, outcome.out)):
        faults.append("took more memory than a command may")
    for name, text in (("stdout", outcome.out), ("stderr", outcome.err)):
        try:
            text.encode()
        except UnicodeEncodeError:
            faults.append(f"{name} has half of a character")
        # CSV is for programs, which get what was written.
        as_csv = name == "stdout" and "csv" in arguments
        if not as_csv and any(ord(sign) < 32 and sign not in "\n\t" for sign in text):
            faults.append(f"{name} has control characters")
    if "json" in arguments and outcome.code == 0:
        try:
            json.loads(outcome.out, parse_constant=_not_json)
        except ValueError as error:
            faults.append(f"stdout is not JSON: {error}")
    return faults


def _not_json(name: str) -> None:
    raise ValueError(f"{name} is not in JSON")


@contextlib.contextmanager
def _bounded_time() -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextlib.contextmanager
def _bounded_memory() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    taken = int(pages) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + MEMORY, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
