"""Plots and sparklines: their scale, their width and which curve is on top."""

import math

from hypothesis import given
from hypothesis import strategies as st

from rnnbuild.wording.pictures import SPARKS, plot, sparkline

NUMBERS = st.floats(-1e6, 1e6)


def test_a_sparkline_rises_with_its_values():
    assert sparkline([0, 1, 2, 3, 4, 5, 6, 7]) == SPARKS
    assert sparkline([5.0, 5.0]) == SPARKS[0] * 2
    assert sparkline([]) == ""


def test_a_sparkline_is_of_the_whole_run_and_not_of_its_last_steps():
    """A loss that fell from 3 to 0.4 and trembles there is drawn so, and not as mountains."""
    fallen = [3.0 - 0.026 * step for step in range(100)]
    trembling = [0.40 + 0.01 * (step % 2) for step in range(100)]
    drawn = sparkline([*fallen, *trembling])
    assert len(drawn) == 24
    assert drawn[0] == SPARKS[-1]
    assert set(drawn[-12:]) == {SPARKS[0]}
    assert sorted(drawn, reverse=True) == list(drawn)


@given(values=st.lists(NUMBERS, min_size=1), width=st.integers(1, 40))
def test_the_last_value_is_in_a_sparkline(values, width):
    low, high = min(values), max(values)
    drawn = sparkline(values, width)
    assert len(drawn) == min(width, len(values))
    if values[-1] == high > low and width > 1:
        assert drawn[-1] in (SPARKS[-1], SPARKS[0])
        assert drawn[-1] == max(drawn)


@given(values=st.lists(st.one_of(NUMBERS, st.just(math.nan), st.just(math.inf))))
def test_a_sparkline_is_never_wider_than_asked(values):
    assert len(sparkline(values, width=10)) <= 10


def test_a_plot_has_its_scale_on_the_left_and_the_second_curve_on_top():
    lines = plot([[3.0, 2.0, 1.0], [3.0, None, 2.0]], height=3)
    assert lines == ["3.0000 │●", "       │  · ●", "1.0000 │    ·"]


@given(
    first=st.lists(st.one_of(NUMBERS, st.none(), st.just(math.nan)), max_size=200),
    second=st.lists(NUMBERS, max_size=200),
)
def test_a_plot_fits_its_width_and_height_whatever_it_shows(first, second):
    lines = plot([first, second], width=40, height=5)
    assert len(lines) in (0, 5)
    assert all(len(line.split("│")[1]) <= 40 for line in lines)
