"""What TensorFlow prints while it starts, and no user should see.

Its C++ part writes to file descriptor 2 before any setting of its own is read, so the descriptor is
caught for the length of the import; what is not known noise is passed on afterwards.
"""

import contextlib
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from typing import IO

# The levels I(nfo) and W(arning) in the format of absl's log, what announces them, and the second
# line of the message on processor features. Errors and fatal messages are not noise.
NOISE = re.compile(
    r"[IW]\d{4} [\d:.]+ +\d+ \S+:\d+\] "
    r"|WARNING: All log messages before absl::InitializeLog\(\)"
    r"|To enable the following instructions: "
)


def without_noise(text: str) -> str:
    """The lines of TensorFlow's output that a user should see."""
    return "".join(line for line in text.splitlines(keepends=True) if not NOISE.match(line))


@contextlib.contextmanager
def quiet_stderr() -> Iterator[None]:
    """Catches file descriptor 2, below Python's `sys.stderr`, and passes on all but noise."""
    try:
        original = os.dup(2)
    except OSError:  # a process without standard error has nothing to quieten
        yield
        return
    with in_memory() as caught:
        os.dup2(caught.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(original, 2)
            os.close(original)
            caught.seek(0)
            sys.stderr.write(without_noise(caught.read().decode(errors="replace")))


def in_memory() -> IO[bytes]:
    """A file for file descriptors, in memory where the system has such: no disk is needed."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("stderr"), "w+b")
    return tempfile.TemporaryFile()


@contextlib.contextmanager
def quiet_import() -> Iterator[None]:
    """Keeps TensorFlow's import quiet, and its messages later few.

    Who has set TF_CPP_MIN_LOG_LEVEL below 3 wants TensorFlow's messages and gets them all.
    """
    # 3 asks for the fewest messages; a child of a process that has come by here inherits it.
    loud = os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3") != "3"
    with contextlib.nullcontext() if loud or "tensorflow" in sys.modules else quiet_stderr():
        yield
