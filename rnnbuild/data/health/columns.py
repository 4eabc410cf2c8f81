"""Is a column of numbers constant, does it have outliers, does it drift between splits?

Values are checked as the model learns them, after `data.transform`: a trend that differencing
removes is not drift, and a season that it removes leaves no outliers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.health.shares import Share, agree, figures
from rnnbuild.data.kind.finding import Finding, failure, ok, warning
from rnnbuild.formatting import first_few

Values = NDArray[np.floating]
"""(steps, columns)."""

FAR = 10.0
"""Robust z beyond which a value is an outlier: extreme even for stock returns."""
SHIFT = 1.0
"""Distance of a split's mean from that of training, in deviations of training, that is large."""
SPREAD = 2.0
"""Factor between a split's deviation and that of training, either way, that is large."""
FEW = 20
"""Steps that a split needs for its mean and deviation to mean something."""


def constant_columns(train: Values, names: Sequence[str], targets: Sequence[str]) -> Finding:
    """Columns with a single value throughout training; a failure where one is a target."""
    still = [name for name, range_ in zip(names, np.ptp(train, axis=0), strict=True) if not range_]
    if not still:
        return ok("constant columns", "Every column changes in training.", columns=[])
    never = (
        f"{len(still):,} of {len(names):,} columns never {agree(len(still), 'changes', 'change')}"
    )
    listed = first_few([f"`{name}`" for name in still])
    if any(name in targets for name in still):
        return failure(
            "constant columns",
            f"{never} in training, a target among them: {listed}.",
            "Choose other `data.targets`, or train on steps in which they change.",
            columns=still,
        )
    return warning(
        "constant columns",
        f"{never} in training, so nothing is learned from "
        f"{agree(len(still), 'it', 'them')}: {listed}.",
        f"Remove {agree(len(still), 'it', 'them')} from `data.columns`.",
        columns=still,
    )


def outliers(
    splits: Mapping[SplitName, Values],
    names: Sequence[str],
    place: Callable[[SplitName, int], str],
) -> Finding:
    """Values far from the median of their own split, in robust deviations.

    The modified z of Iglewicz and Hoaglin 1993, from the median absolute deviation, or the mean
    one where over half the values are the same. `place` says where a step of a split is.
    """
    shares: dict[str, Share] = {}
    far_out: list[tuple[float, str]] = []
    for name, values in splits.items():
        if len(values) < FEW:
            continue
        z = robust_z(values)
        steps, columns = np.nonzero(z > FAR)
        shares[name] = Share(len(steps), values.size)
        far_out += [
            (float(z[step, column]), f"`{names[column]}` at {place(name, step)}")
            for step, column in zip(steps.tolist(), columns.tolist(), strict=True)
        ]
    numbers = figures(shares)
    if not far_out:
        return ok("outliers", f"No value has a robust z beyond {FAR:g}.", **numbers)
    far_out.sort(key=lambda pair: -pair[0])
    all_values = Share(len(far_out), sum(share.total for share in shares.values()))
    return warning(
        "outliers",
        f"{all_values.of('values')} {agree(len(far_out), 'has', 'have')} a robust z beyond "
        f"{FAR:g}: {first_few([f'{where} ({distance:.0f})' for distance, where in far_out])}.",
        "Fix them if they are measurement errors; if they are real, expect large errors.",
        largest=far_out[0][0],
        **numbers,
    )


def robust_z(values: Values) -> NDArray[np.float64]:
    """Distance of each value from its column's median, in robust deviations; 0 if constant."""
    distance = np.abs(values - np.median(values, axis=0)).astype(np.float64)
    # Both are the standard deviation of a normal distribution.
    median, mean = 1.4826 * np.median(distance, axis=0), 1.2533 * distance.mean(axis=0)
    scale = np.where(median > 0, median, mean)
    return np.asarray(distance / np.where(scale > 0, scale, 1.0))


@dataclass(frozen=True)
class Drift:
    """How far a column of a split is from training, in training's units."""

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
        """How large it is, to sort by."""
        return max(abs(self.shift), abs(float(np.log2(max(self.spread, 1e-9)))))


def drift(splits: Mapping[SplitName, Values], names: Sequence[str], remedy: str) -> Finding:
    """How far mean and spread of the splits are from those of training.

    Columns that are constant in training are skipped: they have a finding of their own.
    """
    train = splits["train"]
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    drifts = [
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
            for each in drifts
            if each.split == name
        }
        for name in dict.fromkeys(each.split for each in drifts)
    }
    large = [each for each in drifts if each.is_large]
    if not large:
        return ok("drift", "No split's mean or spread is far from that of training.", **numbers)
    large.sort(key=lambda each: -each.size)
    return warning(
        "drift",
        f"Mean or spread is far from that of training: {first_few(list(map(str, large)))}.",
        remedy,
        **numbers,
    )
