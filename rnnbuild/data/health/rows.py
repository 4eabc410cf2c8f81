"""Are there enough rows to learn from and to judge by?"""

from collections.abc import Mapping

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.examples.splits import HELD_OUT, SplitName
from rnnbuild.data.health.remedies import for_few_held_out
from rnnbuild.data.health.shares import counts_per_split
from rnnbuild.data.kind.finding import Finding, ok, warning

FEW = 100
"""With fewer rows, a share is known only to within ten points, at 95 %."""


def rows(counts: Mapping[SplitName, int], data: DataConfig, noun: str = "rows") -> Finding:
    """Rows of every split; a warning where few validate or test."""
    there_are = f"There are {counts_per_split(counts, noun)}"
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
        points = 98 / min(counts[name] for name in few) ** 0.5
        return warning(
            "rows",
            f"{there_are}: with so few, a share in {' and '.join(few)} is known only to within "
            f"{points:.0f} points.",
            for_few_held_out(data, few, noun),
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
