"""Every error the user can meet.

    RnnbuildError               exit code 1: it failed while running
    ├── RequestError            exit code 2: what was asked for is wrong
    │   ├── ConfigError           a config file, an override or a variant
    │   ├── ArgumentError         an argument of a command
    │   ├── DataError             the user's data: a file, a row, a column, a label
    │   ├── RunError              a run folder that is missing, damaged, in use or of another kind
    │   ├── DeviceError           a device that this machine lacks
    │   └── MissingExtraError     an optional dependency that is not installed
    ├── TrainingError           training cannot go on (a loss that is not finite, a full disk)
    ├── ExportError             an exported model does not answer as the trained one
    └── Interrupted             exit code 130 (Ctrl-C) or 143 (SIGTERM)

An error carries one or more problems, each with what is wrong, where, and how to fix it.
Libraries raise; `rnnbuild.cli` alone prints and picks the exit code.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from rnnbuild.visible import visible


@dataclass(frozen=True)
class Place:
    """Where a problem is: `line` and `column` count from 1, `length` in characters.

    `text` is the whole line, so that the place can be shown without reading the file again.
    Line 0 means a source without lines: the command line.
    """

    source: str
    line: int
    column: int
    text: str = ""
    length: int = 1

    def __str__(self) -> str:
        return f"{self.source}:{self.line}:{self.column}" if self.line else self.source


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: a sentence, its place and, where known, the way to fix it."""

    message: str
    place: Place | None = None
    hint: str | None = None

    def __str__(self) -> str:
        head = visible(f"{self.place}: {self.message}" if self.place else self.message)
        lines = [head, *code_frame(self.place)]
        if self.hint:
            lines.append(f"  hint: {visible(self.hint)}")
        return "\n".join(lines)


# A frame shows this much of a line; a longer line is cut around the underlined text.
FRAME_WIDTH = 72


def code_frame(place: Place | None) -> list[str]:
    """The line a place names with the offending text underlined; nothing for an empty line."""
    if place is None or not place.text.strip():
        return []
    text = place.text.replace("\t", " ")
    start = place.column - 1
    length = max(1, min(place.length, len(text) - start, FRAME_WIDTH))
    if len(text) > FRAME_WIDTH:
        first = max(0, min(start - 12, len(text) - FRAME_WIDTH))
        text, start = text[first : first + FRAME_WIDTH], start - first
        length = max(1, min(length, FRAME_WIDTH - start))
    number = str(place.line or "")
    margin = " " * len(number)
    from rich.cells import cell_len

    before, marked = visible(text[:start]), visible(text[start : start + length])
    under = "^" * max(1, cell_len(marked))
    return [f"  {number} | {visible(text)}", f"  {margin} | {' ' * cell_len(before)}{under}"]


class RnnbuildError(Exception):
    """Raised when a command cannot do what was asked; carries at least one problem."""

    exit_code: ClassVar[int] = 1

    def __init__(self, problems: "str | Problem | Sequence[Problem]", hint: str | None = None):
        if isinstance(problems, str):
            problems = Problem(problems, hint=hint)
        if isinstance(problems, Problem):
            problems = (problems,)
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class RequestError(RnnbuildError):
    """Raised when the request is wrong: nothing was run and nothing was written."""

    exit_code = 2


class ConfigError(RequestError):
    """Raised for a config that cannot be read, is invalid, or contradicts itself or its data."""


class ArgumentError(RequestError):
    """Raised for an argument of a command that cannot be used."""


class DataError(RequestError):
    """Raised for data that cannot be read or that does not fit the config."""


class RunError(RequestError):
    """Raised for a run folder that is missing, damaged, in use or not a run."""


class DeviceError(RequestError):
    """Raised when a device is asked for that TensorFlow does not see."""


class MissingExtraError(RequestError):
    """Raised when an optional dependency is needed and not installed; the hint installs it."""


class TrainingError(RnnbuildError):
    """Raised when training cannot continue; what was saved before stays."""


class ExportError(RnnbuildError):
    """Raised when an exported model does not answer as the trained one; nothing is left of it."""


class Interrupted(RnnbuildError):  # noqa: N818 (nothing is wrong)
    """Raised after a signal, once the work so far is safe. `signal_number` is 2 or 15."""

    def __init__(self, message: str, signal_number: int = 2, hint: str | None = None):
        super().__init__(message, hint)
        self.signal_number = signal_number

    @property
    def signal_exit_code(self) -> int:
        """128 plus the signal's number, as shells count it."""
        return 128 + self.signal_number


def every_result(*stages: Callable[[], Any]) -> list[Any]:
    """What each stage returns, all of which are tried.

    Raises the first RequestError with the problems of all of them.
    """
    results, errors = [], []
    for stage in stages:
        try:
            results.append(stage())
        except RequestError as error:
            errors.append(error)
    if errors:
        problems = dict.fromkeys(problem for error in errors for problem in error.problems)
        raise type(errors[0])(list(problems)) from errors[0]
    return results


BEGINNING = 3
"""Letters that may stand for a longer name."""


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name a mistyped word most likely meant, or None where nothing is close.

    A name of which it is the beginning is meant before all others, however long.
    """
    from difflib import get_close_matches

    by_lower, typed = {name.lower(): name for name in names}, word.lower()
    longer = [name for name in by_lower if name.startswith(typed)]
    begins = len(typed.lstrip("-")) >= BEGINNING and longer
    matches = get_close_matches(typed, begins or by_lower, n=1, cutoff=0.0 if begins else 0.6)
    return by_lower[matches[0]] if matches else None


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """` (did you mean `lstm`?)`, or an empty string where nothing is close."""
    name = nearest(word, names)
    return f" (did you mean `{name}`?)" if name else ""
