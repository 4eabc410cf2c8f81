"""What rnnbuild's errors say, for the copies of its modules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from rnnbuild.export.program.reader import InputError
from rnnbuild.visible import visible


@dataclass(frozen=True)
class Place:
    """Where something is: the column of a line, both from 1."""

    source: str
    line: int
    column: int
    text: str = ""
    length: int = 1


@dataclass(frozen=True)
class Problem:
    """What is wrong, where, and what to do."""

    message: str
    place: Place | None = None
    hint: str | None = None

    def __str__(self) -> str:
        place = self.place and f"{self.place.source}:{self.place.line}:{self.place.column}: "
        return f"{place or ''}{self.message}" + (f": {self.hint}" if self.hint else "")


class ArgumentError(InputError):
    """Raised for something that the model cannot use, on one line."""

    def __init__(self, problems: str | Problem | Sequence[Problem], hint: str | None = None):
        if isinstance(problems, str):
            problems = Problem(problems, hint=hint)
        if isinstance(problems, Problem):
            problems = (problems,)
        super().__init__(visible("; ".join(map(str, problems))))


class RunError(ArgumentError):
    """Raised for a model that gives no answer."""


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """` (did you mean `lstm`?)`, or an empty string where nothing is close."""
    by_lower = {name.lower(): name for name in names}
    matches = get_close_matches(word.lower(), by_lower, n=1)
    return f" (did you mean `{by_lower[matches[0]]}`?)" if matches else ""
