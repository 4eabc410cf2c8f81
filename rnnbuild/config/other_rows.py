"""Keys of `data` that choose which rows are scored: scores of other rows cannot be compared.

Nor can those of language models whose tokens differ: nats are by token.
"""

from collections.abc import Iterable

from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.language_model import LANGUAGE_MODEL

OTHER_ROWS = (
    "data",
    "data.dataset",
    "data.train",
    "data.validation",
    "data.test",
    "data.split",
    "data.length",
    "data.size",
    "data.seed",
    "data.horizon",
    "data.targets",
)


OTHER_TOKENS = ("data.level", "data.lowercase", "data.vocabulary")


def chooses_rows(key: str) -> bool:
    """Whether the rows of a split follow from a key: one of OTHER_ROWS, or within `data.split`."""
    return key in OTHER_ROWS or key.startswith("data.split.")


def chooses_tokens(key: str, task: Task) -> bool:
    """Whether what a language model predicts follows from a key: one of OTHER_TOKENS, or within."""
    return task == LANGUAGE_MODEL.name and any(
        key == each or key.startswith(f"{each}.") for each in OTHER_TOKENS
    )


def rows_chosen(
    settings: Iterable[tuple[str, object]], task: Task
) -> tuple[tuple[str, object], ...]:
    """Those of some keys with their values that choose rows, or what is predicted in them:
    variants with equal ones have scores that can be compared."""
    return tuple(
        (key, value) for key, value in settings if chooses_rows(key) or chooses_tokens(key, task)
    )
