"""What a config has to know about its data before all its sizes are known."""

from dataclasses import dataclass
from typing import Any, Literal

Task = Literal["classify", "tag", "forecast", "translate", "language-model"]


LONGEST_TARGET = (1 << 16) - 1
"""Steps of a target that is written, at most: room for all of them is made before the first."""


@dataclass(frozen=True)
class DataFacts:
    """The sizes that a model takes from its data.

    They come from a bundled dataset, from reading the user's files, or from the config.
    """

    task: Task
    labels: tuple[str, ...] = ()
    """Names in id order, as `classify` and `tag` predict them."""
    multi_label: bool = False
    """Whether a row may have several labels at once."""
    vocabulary_size: int | None = None
    """Words or characters, including the ids of padding (0) and unknown (1); None for numbers."""
    columns: int | None = None
    """Numbers per step, if the input is not text."""
    outputs: int | None = None
    """Numbers that are forecast per example: horizon times target columns."""
    target_vocabulary_size: int | None = None
    longest_target: int | None = None
    """Steps of the longest training target, if the task is `translate`."""
    longest: int = 0
    """Steps of the longest training sequence, after `max_length`."""
    window: int | None = None
    """Steps of a series, or of running text, that an example is made from; None for other data."""
    rows: tuple[int, int, int] = (0, 0, 0)
    """Examples for training, validation and test."""
    date: tuple[str, ...] | None = None
    """The columns of a series' files that hold the dates, none for `()`; None for other data."""
    level: Literal["word", "character", "byte"] | None = None
    """What one step of running text is; None for other data."""
    lowercase: bool | None = None
    """Whether its capitals are made small; None for other data."""
    units: tuple[str, ...] = ()
    """The columns that are forecast, where several are scored in units of their own."""


def facts_from_json(values: dict[str, Any]) -> DataFacts:
    """The facts; raises TypeError or AttributeError if the values are not facts."""
    typed: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in values.items()
    }
    return DataFacts(**typed)
