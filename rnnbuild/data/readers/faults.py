"""Faults of a file's lines: gathered, so that the first few are told together."""

import io
from itertools import islice

from rnnbuild.errors import DataError, Place, Problem

SHOWN = 5


def refuse(source: str, text: str, faults: list[tuple[int, str]], hint: str) -> None:
    """Raises DataError where there are faults (line, what is wrong), with the first SHOWN."""
    if not faults:
        return
    problems = [
        Problem(message, line_place(source, text, line)) for line, message in faults[:SHOWN]
    ]
    more = len(faults) - len(problems)
    if more:
        problems.append(Problem(f"{source}: {more:,} more such line{'s' if more > 1 else ''}"))
    last = problems.pop()
    raise DataError([*problems, Problem(last.message, last.place, hint)])


def line_place(source: str, text: str, line: int) -> Place:
    """The place of a whole line of a file's `text`; lines end in \\n, \\r\\n or \\r."""
    found = next(islice(io.StringIO(text, newline=None), line - 1, line), "").rstrip("\n")
    return Place(source, line, 1, found, max(1, len(found)))
