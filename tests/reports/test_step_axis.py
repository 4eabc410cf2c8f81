"""Axes of steps, as Vega draws them: ticks at points of the data, which say what a step is."""

import re
from collections.abc import Sequence

import numpy as np
import pytest

from rnnbuild.reports.plot_files import import_vl_convert
from rnnbuild.reports.plots.step_axis import MOST_TICKS, ticks
from rnnbuild.reports.run.forecasts import forecast_figures
from tests.reports.test_recorded import record_of, series


def steps(first: str, unit: str, count: int) -> list[str]:
    """`count` dates from the first on, as a series names them."""
    return [
        text.replace("T", " ")
        for text in (np.datetime64(first, unit) + np.arange(count)).astype(str)
    ]


def month_ends(first: str, count: int) -> list[str]:
    after = np.datetime64(first, "M") + np.arange(1, count + 1)
    return [str(day) for day in after.astype("datetime64[D]") - 1]


def labels_of(dates: Sequence[str], width: int = 900) -> list[str]:
    """The labels of the axis of a plot of these steps."""
    (figure,) = forecast_figures(record_of(series(len(dates), dates=tuple(dates))))
    spec = figure.spec | {"width": width}
    spec["params"] = [{"name": role, "value": "black"} for role in ("muted", "accent", "second")]
    drawn = import_vl_convert().vegalite_to_svg(spec)
    axis = re.search(r"aria-label=\"X-axis.*?role-axis-label\"(.*?)</g>", drawn, re.DOTALL)
    assert axis is not None
    return re.findall(r"<text[^>]*>([^<]*)</text>", axis[1])


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (month_ends("2024-07", 4), ["Jul 2024", "Aug 2024", "Sep 2024", "Oct 2024"]),
        (steps("2024-07", "M", 3), ["Jul 2024", "Aug 2024", "Sep 2024"]),
        (steps("2021-06", "M", 48), ["Jan 2022", "Jan 2023", "Jan 2024", "Jan 2025"]),
        (month_ends("2021-06", 48), ["Jan 2022", "Jan 2023", "Jan 2024", "Jan 2025"]),
        (steps("2024-01-01", "M", 6)[::3], ["Jan 2024", "Apr 2024"]),
        (["2020-06-30", "2021-06-30", "2022-06-30"], ["2020", "2021", "2022"]),
        (["2020", "2021", "2022"], ["2020", "2021", "2022"]),
        (
            steps("2024-03-03", "D", 22)[::7],
            ["03 Mar 2024", "10 Mar 2024", "17 Mar 2024", "24 Mar 2024"],
        ),
        (steps("2023-12-30", "D", 4), ["30 Dec 2023", "31 Dec 2023", "01 Jan 2024", "02 Jan 2024"]),
        (steps("2024-01-15", "D", 100), ["01 Feb 2024", "01 Mar 2024", "01 Apr 2024"]),
        (
            steps("2024-01-01T05:00", "m", 48 * 60)[::60],
            ["01 Jan 12:00", "02 Jan 00:00", "02 Jan 12:00", "03 Jan 00:00"],
        ),
        (
            steps("2024-01-01T05:00:00", "s", 3),
            ["01 Jan 05:00:00", "01 Jan 05:00:01", "01 Jan 05:00:02"],
        ),
        (["1.1.24", "2.1.24", "3.1.24"], ["1", "2", "3"]),
        (
            [str(1801 + step) for step in range(70)],
            ["1810", "1820", "1830", "1840", "1850", "1860", "1870"],
        ),
        ([str(1801 + step) for step in range(3)], ["1801", "1802", "1803"]),
    ],
)
def test_ticks_are_steps_named_as_their_distance_asks(
    dates: list[str], expected: list[str]
) -> None:
    assert labels_of(dates) == expected


@pytest.mark.parametrize("step", [1, 60, 3600, 7200, 86_400, 7 * 86_400, 31 * 86_400])
@pytest.mark.parametrize("count", [2, 5, 9, 40, 399])
def test_there_are_ticks_but_few_of_them(step: int, count: int) -> None:
    dates = np.datetime64("2019-12-20T07:31", "us") + np.arange(count) * np.timedelta64(step, "s")
    chosen = ticks(dates)
    assert 2 <= len(chosen) <= MOST_TICKS
    assert np.isin(chosen, dates).all()
