"""A run's answers in Python: one small value for each input, of the kind that the run's task has.

Its fields are called as the columns that `rnnbuild predict` writes, and have the same values:
probabilities, and numbers predicted from a sequence, are rounded to six digits.
`probabilities` is None unless they were asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Probabilities = Mapping[str, float]
"""The probability of every label by its name."""


@dataclass(frozen=True)
class LabelAnswer:
    """The likeliest label of a text."""

    prediction: str
    probability: float
    probabilities: Probabilities | None = None


@dataclass(frozen=True)
class LabelsAnswer:
    """The labels of a text whose probability is over one half, the likeliest first."""

    prediction: tuple[str, ...]
    probabilities: Probabilities
    """Each label's own: they do not sum to one."""


@dataclass(frozen=True)
class TokenAnswer:
    """The likeliest tag of a token; None throughout for one beyond `data.max_length`."""

    token: str
    prediction: str | None
    probability: float | None
    probabilities: Probabilities | None = None


@dataclass(frozen=True)
class TagsAnswer:
    """A tag for each token of a text."""

    tokens: tuple[TokenAnswer, ...]

    @property
    def prediction(self) -> tuple[str | None, ...]:
        """The tags alone."""
        return tuple(token.prediction for token in self.tokens)


@dataclass(frozen=True)
class TextAnswer:
    """The text that the decoder writes, by the likeliest token of each step."""

    prediction: str
    probability: float
    """The product of the probabilities of its tokens and of its end."""
    probabilities: tuple[Probabilities, ...] | None = None
    """Of every token at each step that was written; the empty text is the end of the answer."""


@dataclass(frozen=True)
class NextTokenAnswer:
    """The likeliest token after a text, and how well the text itself was predicted."""

    prediction: str
    probability: float
    nats: float | None
    """The mean cost of the text's tokens but the first; in a stream, that of its last token. None
    where nothing comes before."""
    probabilities: Probabilities | None = None


@dataclass(frozen=True)
class NumbersAnswer:
    """The numbers that follow from a sequence of numbers."""

    prediction: tuple[float, ...]


@dataclass(frozen=True)
class ForecastAnswer:
    """What follows the end of a series, step by step, in its original unit."""

    at: tuple[str, ...]
    """The date of each step, or its number where the series has no dates."""
    prediction: Mapping[str, tuple[float, ...]]
    """The values of each forecast column, by its name."""


@dataclass(frozen=True)
class StepAnswer:
    """The answer after a step of a sequence that is still coming."""

    step: str | int
    """The token, or the number of a step of numbers since the sequence began."""
    answer: LabelAnswer | LabelsAnswer | NextTokenAnswer | NumbersAnswer | ForecastAnswer | None
    """What all steps so far are answered with, or the tag of this token; None where a series is too
    short yet."""

    @property
    def prediction(self) -> Any:
        """That of the answer."""
        return self.answer and self.answer.prediction


Answer = (
    LabelAnswer
    | LabelsAnswer
    | TagsAnswer
    | TextAnswer
    | NextTokenAnswer
    | NumbersAnswer
    | ForecastAnswer
)


def tags_answer(record: Mapping[str, Any]) -> TagsAnswer:
    """The answer in a record whose `tokens` have a tag each."""
    return TagsAnswer(tuple(TokenAnswer(**token) for token in record["tokens"]))


def forecast_answer(rows: Sequence[Mapping[str, Any]]) -> ForecastAnswer:
    """The answer in a record for each step, whose first column is the step's date or number."""
    when, *columns = rows[0]
    return ForecastAnswer(
        tuple(row[when] for row in rows),
        {name: tuple(row[name] for row in rows) for name in columns},
    )
