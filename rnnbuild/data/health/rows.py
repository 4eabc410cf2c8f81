"""Are there rows enough to learn from and to judge by?"""

from collections.abc import Mapping

from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.kind.finding import Finding, ok, warning

FEW = 100
"""Of fewer rows a share is known to no better than ten points either way, at 95 %."""


def rows(counts: Mapping[SplitName, int], noun: str = "rows") -> Finding:
    """Rows of every split; warned of where few are tested or validated with."""
    parts = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    told = f"There are {parts} {noun}"
    figures = dict(counts)
    if not counts["test"]:
        return warning(
            "rows",
            f"{told}: no score can be given.",
            "Hold rows out with `data.split.test`, or name a file with `data.test`.",
            **figures,
        )
    few = [name for name, count in counts.items() if name != "train" and 0 < count < FEW]
    if few:
        points = 98 / min(counts[name] for name in few) ** 0.5
        return warning(
            "rows",
            f"{told}: with so few, a share in {' and '.join(few)} is known to no better than "
            f"{points:.0f} points either way.",
            "Hold more rows out with `data.split`, or read scores with their intervals.",
            **figures,
        )
    return ok("rows", f"{told}.", **figures)
