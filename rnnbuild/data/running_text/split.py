"""Where a text is divided: what is held out is its end, so that nothing is trained on beyond it."""

from collections.abc import Sequence
from typing import Any

from rnnbuild.config.schema.data import SplitConfig
from rnnbuild.data.examples.splits import SplitName
from rnnbuild.errors import DataError
from rnnbuild.formatting import plural

Tokens = Sequence[Any]


def divided(
    tokens: Tokens, split: SplitConfig, validation: bool, test: bool, noun: str
) -> dict[SplitName, Tokens]:
    """The tokens of each split: training first, then validation, then test.

    Whole numbers of `split` count tokens, each called `noun`; a split that is not wanted,
    since it has files of its own, gets none. Raises DataError where none would be left to train on.
    """
    count = len(tokens)
    validated = tokens_wanted(split.validation, count) if validation else 0
    tested = tokens_wanted(split.test, count) if test else 0
    trained = count - validated - tested
    if trained < 1 and validated + tested:
        raise DataError(
            f"of {plural(count, noun)}, {validated:,} would be held out for validation and "
            f"{tested:,} for test: none would be left to train on",
            hint="lower `data.split.validation` and `data.split.test`, or name more text",
        )
    end = trained + validated
    return {"train": tokens[:trained], "validation": tokens[trained:end], "test": tokens[end:]}


def tokens_wanted(amount: float | int, count: int) -> int:
    """A number of tokens as it is; a share of them as a number."""
    return amount if isinstance(amount, int) else count - int((1 - amount) * count)
