"""Advice that depends on the config: what it has not set cannot be raised, and official test rows
stay as they are."""

from collections.abc import Sequence

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.examples.splits import SplitName


def has_rows_of_its_own(data: DataConfig, name: SplitName) -> bool:
    """Whether a split is given, by files or a dataset, and not held out from training."""
    files = {"train": data.train, "validation": data.validation, "test": data.test}
    return data.dataset is not None or files[name] is not None


def tests_once(data: DataConfig) -> bool:
    """Whether the test split is held out of rows, and folds could make all of them tested."""
    has_folds = data.split is not None and data.split.folds is not None
    return not has_folds and not has_rows_of_its_own(data, "test")


def for_few_rows(data: DataConfig, few: Sequence[SplitName], noun: str) -> str:
    """As `for_few_held_out`, of rows in no order, which may have folds."""
    if "test" in few and tests_once(data):
        return f"Test on all {noun} with `data.split.folds=5`, or read scores with their intervals."
    if data.split is not None and data.split.folds is not None:
        return "Read scores with their intervals."
    return for_few_held_out(data, few, noun)


def for_few_held_out(data: DataConfig, few: Sequence[SplitName], noun: str = "rows") -> str:
    """What to do about splits with few rows."""
    intervals = "read scores with their intervals."
    if data.size is not None:
        return f"Raise `data.size`, or {intervals}"
    if all(has_rows_of_its_own(data, name) for name in few):
        return intervals.capitalize()
    return f"Hold out more {noun} with `data.split`, or {intervals}"


def for_unknown(data: DataConfig, step: str, *others: str) -> str:
    """What makes fewer steps unknown: what limits the vocabulary, or `others` where nothing does.

    Each is a clause, and the limits that the config sets come first.
    """
    limits = data.vocabulary
    clauses = []
    if limits.size is not None:
        clauses.append(f"raise `data.vocabulary.size` (now {limits.size:,})")
    if limits.min_count > 2:
        clauses.append(f"lower `data.vocabulary.min_count` (now {limits.min_count:,})")
    if not clauses:
        clauses.append(f"train on text that contains more of these {step}s")
    text = ", or ".join((*clauses, *others))
    return f"{text[0].upper()}{text[1:]}."
