"""Keys of `data` that choose which rows are scored: scores of other rows cannot be compared."""

from collections.abc import Iterable

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


def chooses_rows(key: str) -> bool:
    """Whether the rows of a split follow from a key: one of OTHER_ROWS, or within `data.split`."""
    return key in OTHER_ROWS or key.startswith("data.split.")


def rows_chosen(settings: Iterable[tuple[str, object]]) -> tuple[tuple[str, object], ...]:
    """Those of some keys with their values that choose rows: variants with equal ones have the
    same rows."""
    return tuple((key, value) for key, value in settings if chooses_rows(key))
