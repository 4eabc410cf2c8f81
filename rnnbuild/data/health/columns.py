"""Is a column of numbers constant, does it have outliers, does it drift between splits?

Values are checked as the model learns them, after `data.transform`: a trend that differencing
removes is not drift, and a season that it removes leaves no outliers.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.splits import HELD_OUT, SplitName
from rnnbuild.data.health.shares import Share, agree, and_list, figures, totals_text
from rnnbuild.data.kind.finding import Finding, failure, limited, ok, unchecked, warning
from rnnbuild.formatting import first_few, measured_text, plural

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
    if len(train) < 2:
        return unchecked("constant columns", f"training has {plural(len(train), 'step')}")
    if not still:
        columns = f"Each of {len(names):,} columns" if len(names) > 1 else f"`{names[0]}`"
        reason = f"{columns} changes within the {len(train):,} steps of training."
        return ok("constant columns", reason, columns=[])
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
    for name, values in large_enough(splits).items():
        z = robust_z(values)
        steps, columns = np.nonzero(z > FAR)
        shares[name] = Share(len(steps), values.size)
        far_out += [
            (float(z[step, column]), f"`{names[column]}` at {place(name, step)}")
            for step, column in zip(steps.tolist(), columns.tolist(), strict=True)
        ]
    numbers = figures(shares)
    if not shares:
        return unchecked("outliers", f"no split has {FEW} steps")
    if not far_out:
        reason = f"None of {totals_text(shares, 'values')} has a robust z beyond {FAR:g}."
        return limited(ok("outliers", reason, **numbers), too_short(splits))
    far_out.sort(key=lambda pair: -pair[0])
    all_values = Share(len(far_out), sum(share.total for share in shares.values()))
    finding = warning(
        "outliers",
        f"{all_values.of('values')} {agree(len(far_out), 'has', 'have')} a robust z beyond "
        f"{FAR:g}: {first_few([f'{where} ({distance:.0f})' for distance, where in far_out])}.",
        "Fix them if they are measurement errors; if they are real, expect large errors.",
        largest=far_out[0][0],
        **numbers,
    )
    return limited(finding, too_short(splits))


def large_enough(splits: Mapping[SplitName, Values]) -> dict[SplitName, Values]:
    """The splits with at least FEW steps."""
    return {name: values for name, values in splits.items() if len(values) >= FEW}


def too_short(splits: Mapping[SplitName, Values]) -> dict[str, str]:
    """Why each split that has some steps, and fewer than FEW, is not looked at."""
    return {
        name: f"it has {plural(len(values), 'step')} and needs {FEW}"
        for name, values in splits.items()
        if 0 < len(values) < FEW
    }


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
            f"{measured_text(self.spread)})"
        )

    @property
    def size(self) -> float:
        """How large it is, to sort by."""
        return max(abs(self.shift), abs(float(np.log2(max(self.spread, 1e-9)))))


def drift(splits: Mapping[SplitName, Values], names: Sequence[str], remedy: str) -> Finding:
    """How far mean and spread of the splits are from those of training.

    Columns that are constant in training are skipped: they have a finding of their own, too.
    """
    train = splits["train"]
    compared = {name: each for name, each in large_enough(splits).items() if name in HELD_OUT}
    if len(train) < FEW or not compared:
        few = [(name, len(each)) for name, each in splits.items() if len(each) < FEW]
        have = and_list([f"{name} has {plural(steps, 'step')}" for name, steps in few])
        return unchecked("drift", f"{have}, and it needs {FEW}")
    still = [names[column] for column in np.flatnonzero(train.std(axis=0) == 0).tolist()]
    if len(still) == len(names):
        return unchecked("drift", "no column changes in training")
    missing = too_short(splits)
    if still:
        listed = first_few([f"`{name}`" for name in still])
        never = agree(len(still), "it never changes", "they never change")
        missing[listed] = f"{never} in training"
    drifts = list(drifts_of(train, compared, names))
    numbers = {
        name: {
            each.column: {"shift": each.shift, "spread": each.spread}
            for each in drifts
            if each.split == name
        }
        for name in compared
    }
    large = sorted((each for each in drifts if each.is_large), key=lambda each: -each.size)
    if not large:
        columns = plural(len(names) - len(still), "column")
        where = and_list(list(compared))
        reason = f"Mean and spread of {columns} in {where} are near those of training."
        return limited(ok("drift", reason, **numbers), missing)
    reason = f"Mean or spread is far from that of training: {first_few(list(map(str, large)))}."
    return limited(warning("drift", reason, remedy, **numbers), missing)


def drifts_of(
    train: Values, compared: Mapping[SplitName, Values], names: Sequence[str]
) -> Iterator[Drift]:
    """How far each column that changes in training is from it, by split."""
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    for name, values in compared.items():
        for column in np.flatnonzero(deviation > 0).tolist():
            yield Drift(
                name,
                names[column],
                float((values[:, column].mean() - mean[column]) / deviation[column]),
                float(values[:, column].std() / deviation[column]),
            )
