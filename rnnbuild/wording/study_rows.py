"""What is shown of each run of a study that has ended: a row of a table that grows."""

from collections.abc import Collection
from dataclasses import dataclass

from rnnbuild.formatting import duration_text
from rnnbuild.wording.growing_table import GrowingTable, growing_table
from rnnbuild.wording.scores import defined_text
from rnnbuild.wording.table import Column, Row
from rnnbuild.wording.training_rows import USUAL_SCORE, header_of


@dataclass(frozen=True)
class RunLabel:
    """What a run of a study is called on the screen."""

    variant: str
    seed: int

    def __str__(self) -> str:
        return f"{self.variant}, seed {self.seed}"


def study_rows(
    split: str, metric: str, labels: Collection[RunLabel], width: int | None
) -> GrowingTable:
    """The columns for runs with these labels that are scored by a metric on a split."""
    columns = [
        Column("number", "run", align="right"),
        Column("variant", "variant"),
        Column("seed", "seed", align="right"),
        Column("score", header_of(split, metric), defined_text, "right"),
        Column("epoch", "epoch", align="right"),
        Column("seconds", "time", duration_text, "right"),
    ]
    total = len(labels)
    widest = {
        "number": f"{total}/{total}",
        "variant": max((label.variant for label in labels), key=len, default=""),
        "seed": max((label.seed for label in labels), default=0),
        "score": USUAL_SCORE,
        "seconds": 3599.0,
    }
    return growing_table(columns, widest, width, ["epoch", "seconds"])


def study_row(
    number: str, label: RunLabel, seconds: float, score: float | None, epoch: int | None
) -> Row:
    """The values of a run that is done; `epoch` is the one whose weights were kept, if known."""
    return {
        "number": number,
        "variant": label.variant,
        "seed": label.seed,
        "score": score,
        "epoch": epoch,
        "seconds": seconds,
    }
