"""What a config needs to know of its data before every size in it is known."""

from dataclasses import dataclass
from typing import Any, Literal

Task = Literal["classify", "tag", "forecast", "translate"]


@dataclass(frozen=True)
class DataFacts:
    """The sizes that a model takes from its data.

    Taken from a bundled dataset, from a scan of the user's files, or from what the config states.
    """

    task: Task
    labels: tuple[str, ...] = ()
    """Names in id order, as `classify` and `tag` predict them."""
    multi_label: bool = False
    """Several labels at once, one row."""
    vocabulary_size: int | None = None
    """Words or characters, with the ids of padding (0) and unknown (1); None for numbers."""
    columns: int | None = None
    """Numbers per step, where the input is not text."""
    outputs: int | None = None
    """Numbers forecast per example: horizon times target columns."""
    target_vocabulary_size: int | None = None
    longest_target: int | None = None
    """Steps of the longest training target, where the task is `translate`."""
    longest: int = 0
    """Steps of the longest training sequence, after `max_length`."""
    rows: tuple[int, int, int] = (0, 0, 0)
    """Examples to train on, to validate with and to test with."""


def facts_from_json(values: dict[str, Any]) -> DataFacts:
    """Raises TypeError or AttributeError where the values are not those of facts."""
    lists = {"labels", "rows"}
    typed: dict[str, Any] = {
        key: tuple(value) if key in lists else value for key, value in values.items()
    }
    return DataFacts(**typed)
