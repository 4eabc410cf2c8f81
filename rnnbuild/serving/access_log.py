"""One line for each request, and everything else that a server has to say, on one stream."""

import asyncio
import logging
import time
from asyncio import CancelledError
from collections.abc import Callable

from rnnbuild.visible import visible

OWN = "rnnbuild.serving"
"""The application's logger: its messages name the request."""
TOGETHER = 0.1
"""Seconds for which lines are collected: under load, one call to the system writes many."""
LONGEST = 200
"""Characters of a path that are logged."""


class AccessLog:
    """Lines on their way to whoever reads them; control characters come out as escapes."""

    def __init__(self, write: Callable[[str], None], requests: bool = True):
        """`requests`: whether there is a line for each; else only what goes wrong is written."""
        self._write = write
        self._requests = requests
        self._lines: list[str] = []
        self._second = 0
        self._time = ""

    def request(self, client: str, what: str, path: bytes, status: int, seconds: float) -> None:
        """Notes a request: `127.0.0.1 "POST /predict" 200 1.9 ms`. The query is left out: nothing
        reads it, and it may contain what nobody should."""
        if self._requests:
            shown = visible(path[:LONGEST].decode("utf-8", "surrogateescape"))
            more = "..." if len(path) > LONGEST else ""
            took = f"{1_000 * seconds:.1f} ms"
            self._add(f'{visible(client[:64])} "{visible(what)} {shown}{more}" {status} {took}')

    def message(self, text: str) -> None:
        """Has a line written at once, after those that are collected."""
        self.flush()
        self._write(f"{visible(text)}\n")

    def _add(self, line: str) -> None:
        if not self._lines:
            asyncio.get_running_loop().call_later(TOGETHER, self.flush)
        now = int(time.time())
        if now != self._second:
            self._second, self._time = now, time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(now))
        self._lines.append(f"{self._time} {line}\n")

    def flush(self) -> None:
        """Has written what is collected."""
        lines, self._lines = self._lines, []
        if lines:
            self._write("".join(lines))


class LibraryMessages(logging.Handler):
    """What uvicorn, asyncio and the application report, in the same stream."""

    def __init__(self, log: AccessLog, tracebacks: bool):
        super().__init__(logging.WARNING)
        self._log = log
        self._tracebacks = tracebacks

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, CancelledError):  # work that was cut off at the end
            return
        if error is None:
            self._log.message(f"{record.levelname.lower()}: {record.getMessage().rstrip()}")
            return
        name = f"{type(error).__name__}: {error}"
        own = record.name == OWN
        which = f"{record.getMessage()}, " if own else ""
        self._log.message(f"error: {which}unexpected error in rnnbuild: {name}")
        # A request that failed once may never fail again: its traceback is not for --debug alone.
        if self._tracebacks or own:
            for line in logging.Formatter().formatException(record.exc_info).splitlines():  # type: ignore[arg-type]
                self._log.message(line)
        else:
            self._log.message(
                "  hint: this is a bug; to see the traceback, run `rnnbuild --debug serve ...`"
            )


def report_libraries(log: AccessLog, tracebacks: bool) -> None:
    """Has uvicorn, asyncio and the application report to the log what goes wrong."""
    messages = LibraryMessages(log, tracebacks)
    # A connection has its own line for each of uvicorn's warnings, which are of clients.
    levels = {"uvicorn": logging.ERROR, "asyncio": logging.WARNING, OWN: logging.ERROR}
    for name, level in levels.items():
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [messages], False
        logger.setLevel(level)
