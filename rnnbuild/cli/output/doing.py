"""A line that says what a command is doing before it has anything to show."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rnnbuild.cli.output.screen import is_terminal


@contextmanager
def doing(what: str, shown: bool = True) -> Iterator[None]:
    """Within, a terminal shows `what ...`, without a line end; a file or pipe gets no output.

    Nothing moves: while TensorFlow is imported, no other thread runs. The cursor stays at the
    beginning of the line, so that a note printed meanwhile takes its place.
    """
    if not shown or not is_terminal(sys.stderr):
        yield
        return
    text = f"{what} ..."
    print(text, end="\r", file=sys.stderr, flush=True)
    try:
        yield
    finally:
        print(" " * len(text), end="\r", file=sys.stderr, flush=True)
