"""Which columns are read and forecast, and do they hold what they seem to?"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.health.shares import Share, agree, and_list
from rnnbuild.data.kind.finding import Finding, failure, limited, ok, unchecked, warning
from rnnbuild.data.series.date_columns import has_dates
from rnnbuild.data.series.numbers import yaml_list
from rnnbuild.data.series.series import Series, Values
from rnnbuild.formatting import first_few, plural, written_text

FEW = 10
"""Steps from which on a column that grows evenly is no coincidence."""
MARK_SHARE = 0.2
"""Share of a column up to which one value far from all others may be a mark."""


def columns_read(series: Series, inputs: Sequence[str], targets: Sequence[str]) -> Finding:
    """The columns that are read and forecast; a warning where one of them only counts the rows."""
    figures = {"read": list(inputs), "forecast": list(targets)}
    if set(inputs) == set(targets):
        roles = f"{_listed(inputs)} {agree(len(inputs), 'is', 'are')} read and forecast"
    else:
        roles = (
            f"{_listed(inputs)} {agree(len(inputs), 'is', 'are')} read, and "
            f"{_listed(targets)} {agree(len(targets), 'is', 'are')} forecast"
        )
    columns = dict(zip(series.names, series.values.T, strict=True))
    counters = [name for name, column in columns.items() if counts_rows(column)]
    if not counters:
        few = {"whether one counts the rows": f"there are {plural(len(series), 'step')} of {FEW}"}
        return limited(ok("columns", f"{roles}.", **figures), few if len(series) < FEW else {})
    column = columns[counters[0]]
    others = [name for name in series.names if name not in counters]
    remedy = f"Read the others: `data.columns: {yaml_list(others)}`" if others else "Read others"
    may_be_dates = series.dates is None and bool((column % 1 == 0).all())
    if may_be_dates and has_dates([f"{value:.0f}" for value in column], "date"):
        date = yaml_list(counters[:1])[1:-1]
        remedy += f", or take `{counters[0]}` for the dates: `data.date: {date}`"
    return warning(
        "columns",
        f"{_listed(counters)} {agree(len(counters), 'grows', 'grow')} by the same step in every "
        f"row ({column[1] - column[0]:,.10g}), as a count of time or of rows does; {roles}.",
        f"{remedy}.",
        **figures,
        counters=counters,
    )


def _listed(names: Sequence[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return and_list(quoted) if len(quoted) <= 5 else first_few(quoted, 5)


def counts_rows(column: NDArray[np.float64]) -> bool:
    """Whether each value is the one before and the same step more."""
    if len(column) < FEW:
        return False
    steps = np.diff(column)
    return bool(steps[0] != 0 and np.allclose(steps, steps[0], rtol=1e-9, atol=0))


def missing_marks(series: Series) -> Finding:
    """Columns in which one value far from all others occurs several times: -9999, -200, 0."""
    marked, few = [], []
    for name, column in zip(series.names, series.values.T, strict=True):
        if len(np.unique(column)) <= FEW:
            few.append(f"`{name}`")
            continue
        for mark in (column.min(), column.max()):
            count, others = int((column == mark).sum()), column[column != mark]
            if not 2 <= count <= MARK_SHARE * len(column):
                continue
            if np.abs(others - mark).min() > np.ptp(others):
                marked.append((name, float(mark), count))
    have = agree(len(few), "it has", "they have")
    missing = {first_few(few): f"{have} at most {FEW} different values"} if few else {}
    if not marked and len(few) == len(series.names):
        return unchecked("missing marks", f"no column has more than {FEW} different values")
    if not marked:
        looked_at = plural(len(series.names) - len(few), "column")
        reason = f"In {looked_at}, no value occurs several times and is far from all others."
        return limited(ok("missing marks", reason), missing)
    shown = [f"{written_text(mark)} in `{name}` ({count:,} times)" for name, mark, count in marked]
    marks = f"[{', '.join(dict.fromkeys(written_text(mark) for _, mark, _ in marked))}]"
    return warning(
        "missing marks",
        f"{first_few(shown)} {agree(len(shown), 'is', 'are')} far from all other values, as marks "
        "of missing values are.",
        f"If so, state `data.missing: {marks}` with `data.gaps: forward`.",
        marks=[{"column": name, "mark": mark, "count": count} for name, mark, count in marked],
    )


def precision(learned: Values, names: Sequence[str], standardised: bool = False) -> Finding:
    """Values and changes that are lost in the 7 digits of the numbers that models compute with.

    `learned` (steps, columns) are the values after all transforms, NaN where there is none;
    `standardised` says whether these end with `standardise`.
    """
    with np.errstate(over="ignore"):
        single = learned.astype(np.float32)
    large = np.isinf(single) & np.isfinite(learned)
    if large.any():
        columns = [f"`{names[column]}`" for column in np.flatnonzero(large.any(axis=0)).tolist()]
        return failure(
            "precision",
            f"{int(large.sum()):,} {agree(int(large.sum()), 'value', 'values')} of "
            f"{first_few(columns)} {agree(int(large.sum()), 'is', 'are')} over 3.4e38 after "
            "`data.transform`: infinite in the 32 bits that models compute with.",
            "Fix the values."
            if standardised
            else "End `data.transform` with `standardise`, or fix the values.",
            infinite=int(large.sum()),
        )
    changed = learned[1:] != learned[:-1]
    changed &= ~np.isnan(learned[1:]) & ~np.isnan(learned[:-1])
    lost = changed & (single[1:] == single[:-1])
    shares = {
        names[column]: Share(int(lost[:, column].sum()), int(changed[:, column].sum()))
        for column in np.flatnonzero(lost.any(axis=0)).tolist()
    }
    worst = {name: share for name, share in shares.items() if share.value > 0.01}
    if not worst:
        reason = (
            f"The 32 bits that models compute with hold {'99 % of ' if lost.any() else ''}"
            f"{int(changed.sum()):,} changes from step to step."
        )
        return ok("precision", reason)
    parts = [f"`{name}` ({share})" for name, share in worst.items()]
    return warning(
        "precision",
        f"Changes from step to step are lost in the 32 bits that models compute with, some 7 "
        f"digits: in {first_few(parts)}.",
        "Put `difference` before `standardise`, where the level is high."
        if standardised
        else "End `data.transform` with `standardise`, after `difference` where the level is high.",
        lost={name: share.count for name, share in worst.items()},
    )
