"""What a server says, on its way to stderr: whoever reads that may pause, the server goes on."""

import os
import threading
from contextlib import suppress
from typing import TextIO

from rnnbuild.formatting import plural

HELD = 1 << 20
"""Characters that wait for a reader, some 10,000 lines; what comes then is left out."""

LAST = 1.0
"""Seconds that the end of a program waits for its last lines to be read."""


class LogWriter:
    """Lines that a thread writes to a file.

    A pager that is paused, or a terminal after Ctrl-S, reads nothing, and a write to it does not
    return: no other thread may wait for it. Where the reader has gone, lines are lost.
    """

    def __init__(self, file: TextIO, held: int = HELD):
        """`file` is written to past Python's own buffer, whose lock the end of Python waits for."""
        self._file = file.fileno()
        self._encoding = file.encoding
        self._held = held
        self._changed = threading.Condition()
        self._waiting: list[str] = []
        self._size = 0
        """Characters that wait."""
        self._left_out = 0
        """Lines, since the last that waits."""
        self._writing = False
        threading.Thread(target=self._write_all, name="log", daemon=True).start()

    def __call__(self, lines: str) -> None:
        """Has lines written, each with its end."""
        with self._changed:
            if self._left_out or self._size + len(lines) > self._held:
                self._left_out += lines.count("\n")
            else:
                self._waiting.append(lines)
                self._size += len(lines)
                self._changed.notify_all()

    def wait(self, seconds: float = LAST) -> None:
        """Waits until all is written, and for so many seconds at most."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting and not self._writing, seconds)

    def _write_all(self) -> None:
        while True:
            with self._changed:
                self._writing = False
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._waiting)
                self._writing = True
                lines, self._waiting, self._size = self._waiting, [], 0
                if self._left_out:
                    left_out, self._left_out = plural(self._left_out, "line"), 0
                    lines.append(f"note: {left_out} left out: this log was not read in time\n")
            unwritten = "".join(lines).encode(self._encoding, "backslashreplace")
            with suppress(OSError):
                while unwritten:
                    unwritten = unwritten[os.write(self._file, unwritten) :]
