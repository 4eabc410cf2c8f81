"""Are there enough rows to learn from and to judge by?"""

import math
from collections.abc import Mapping

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.examples.splits import HELD_OUT, SplitName
from rnnbuild.data.health.remedies import for_few_rows, tests_once
from rnnbuild.data.health.shares import counts_per_split
from rnnbuild.data.kind.finding import Finding, ok, warning
from rnnbuild.formatting import plural

FEW = 100
"""With fewer rows, a share is known only to within ten points, at 95 %."""


def points_known(count: int) -> float:
    """Points to within which a share of so many rows is known: 1.96 standard errors of one half."""
    return 98 / math.sqrt(count)


def advice_on_folds(data: DataConfig, tested: int) -> str | None:
    """A sentence where few rows are tested on that folds could make all; None else.

    The rows are in no order of time.
    """
    if not 0 < tested < FEW or not tests_once(data):
        return None
    return (
        f"test has {plural(tested, 'row')}, so a share is known only to within "
        f"{points_known(tested):.0f} points; to test on every row: --set data.split.folds=5"
    )


def rows(counts: Mapping[SplitName, int], data: DataConfig, noun: str = "rows") -> Finding:
    """Rows of every split; a warning where few validate or test."""
    if data.folds is not None:
        held_out = counts["validation"] if data.validation is None else 0
        counts = {**counts, "test": counts["train"] + held_out}
    there_are = f"There are {counts_per_split(counts, noun)}"
    if data.folds is not None:
        there_are += f" (all, out of {data.folds} folds)"
    figures = dict(counts)
    if not counts["test"]:
        return warning(
            "rows",
            f"{there_are}: no score can be computed.",
            "Hold out rows with `data.split.test`, or name a file with `data.test`.",
            **figures,
        )
    few = [name for name in HELD_OUT if 0 < counts[name] < FEW]
    if few:
        points = points_known(min(counts[name] for name in few))
        return warning(
            "rows",
            f"{there_are}: with so few, a share in {' and '.join(few)} is known only to within "
            f"{points:.0f} points.",
            for_few_rows(data, few, noun),
            **figures,
        )
    if counts["train"] < FEW:
        return warning(
            "rows",
            f"{there_are}: so few training rows are memorised.",
            "Train on more rows.",
            **figures,
        )
    return ok("rows", f"{there_are}.", **figures)
