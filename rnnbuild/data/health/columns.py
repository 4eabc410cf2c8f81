"""The columns of a series or of sequences of numbers: do they move, stray, or change with time?

Values are looked at as the model learns them, after `data.transform`: a trend that differences
take away is no drift, and a season that they take away makes no outliers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.health.shares import Share, figures, first_few
from rnnbuild.data.kind.finding import Finding, failure, ok, warning

Values = NDArray[np.floating]
"""(steps, columns)."""

FAR = 10.0
"""Robust z beyond which a value is an outlier: far out for returns of stocks, too."""
SHIFT = 1.0
"""Deviations of training that a split's mean may lie from that of training."""
SPREAD = 2.0
"""Times that a split's deviation may be larger or smaller than that of training."""
FEW = 20
"""Steps that a split needs for its mean and deviation to say something."""


def constant(train: Values, names: Sequence[str], targets: Sequence[str]) -> Finding:
    """Columns that have one value throughout training; a failure where that is a target."""
    still = [name for name, moves in zip(names, np.ptp(train, axis=0), strict=True) if not moves]
    if not still:
        return ok("constant columns", "Every column moves in training.", columns=[])
    told = first_few([f"`{name}`" for name in still])
    if any(name in targets for name in still):
        return failure(
            "constant columns",
            f"What is to be told never moves in training: {told}.",
            "Name other `data.targets`, or train on steps in which they move.",
            columns=still,
        )
    return warning(
        "constant columns",
        f"In training never move {told}: nothing is learned from them.",
        "Leave them out of `data.columns`.",
        columns=still,
    )


def outliers(
    splits: Mapping[SplitName, Values],
    names: Sequence[str],
    place: Callable[[SplitName, int], str],
) -> Finding:
    """Values far from the median of their own split, in robust deviations.

    The modified z of Iglewicz and Hoaglin 1993, from the median absolute deviation, or the mean
    one where over half the values are the same. `place` tells a step of a split.
    """
    shares: dict[str, Share] = {}
    found: list[tuple[float, str]] = []
    for name, values in splits.items():
        if len(values) < FEW:
            continue
        far = robust_z(values)
        steps, columns = np.nonzero(far > FAR)
        shares[name] = Share(len(steps), values.size)
        found += [
            (float(far[step, column]), f"`{names[column]}` at {place(name, step)}")
            for step, column in zip(steps.tolist(), columns.tolist(), strict=True)
        ]
    numbers = figures(shares)
    if not found:
        return ok("outliers", f"No value has a robust z beyond {FAR:g}.", **numbers)
    found.sort(key=lambda pair: -pair[0])
    count, total = len(found), sum(share.total for share in shares.values())
    return warning(
        "outliers",
        f"{Share(count, total)} values have a robust z beyond {FAR:g}: "
        f"{first_few([f'{where} ({z:.0f})' for z, where in found])}.",
        "Mend them where they are mistakes of measuring; where they are real, expect large errors.",
        largest=found[0][0],
        **numbers,
    )


def robust_z(values: Values) -> NDArray[np.float64]:
    """Distance of each value from its column's median; 0 in a column that never moves."""
    distance = np.abs(values - np.median(values, axis=0)).astype(np.float64)
    # Both are the standard deviation of a normal distribution.
    median, mean = 1.4826 * np.median(distance, axis=0), 1.2533 * distance.mean(axis=0)
    scale = np.where(median > 0, median, mean)
    return np.asarray(distance / np.where(scale > 0, scale, 1.0))


@dataclass(frozen=True)
class Drift:
    """Of a column in a split, in training's units."""

    split: str
    column: str
    shift: float
    spread: float

    @property
    def is_large(self) -> bool:
        return abs(self.shift) > SHIFT or not 1 / SPREAD <= self.spread <= SPREAD

    def __str__(self) -> str:
        return (
            f"`{self.column}` in {self.split} (mean {self.shift:+.1f} deviations, spread × "
            f"{self.spread:.2g})"
        )

    @property
    def size(self) -> float:
        """To sort by."""
        return max(abs(self.shift), abs(float(np.log2(max(self.spread, 1e-9)))))


def drift(splits: Mapping[SplitName, Values], names: Sequence[str], remedy: str) -> Finding:
    """How far mean and spread of the splits lie from those of training.

    Columns that never move in training are left out: they are a finding of their own.
    """
    train = splits["train"]
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    found = [
        Drift(
            name,
            names[column],
            float((values[:, column].mean() - mean[column]) / deviation[column]),
            float(values[:, column].std() / deviation[column]),
        )
        for name, values in splits.items()
        if name != "train" and len(values) >= FEW
        for column in np.flatnonzero(deviation > 0).tolist()
    ]
    numbers = {
        name: {
            each.column: {"shift": each.shift, "spread": each.spread}
            for each in found
            if each.split == name
        }
        for name in dict.fromkeys(each.split for each in found)
    }
    large = [each for each in found if each.is_large]
    if not large:
        return ok("drift", "No split's mean or spread is far from that of training.", **numbers)
    large.sort(key=lambda each: -each.size)
    return warning(
        "drift", f"Far from training are {first_few(list(map(str, large)))}.", remedy, **numbers
    )
