"""Long curves and texts, of which a page shows a part."""

from itertools import pairwise

import pytest

from rnnbuild.reports.thinning import (
    LONGEST_TEXT,
    MOST_OF_A_CURVE,
    MOST_POINTS,
    cut,
    evenly,
    thinned,
)


def test_the_first_and_the_last_are_among_the_chosen() -> None:
    chosen = evenly(range(1000), 7)
    assert chosen[0] == 0
    assert chosen[-1] == 999
    assert len(chosen) == 7
    distances = {later - earlier for earlier, later in pairwise(chosen)}
    assert max(distances) - min(distances) <= 1
    assert evenly([3, 1, 2], 7) == [3, 1, 2]


@pytest.mark.parametrize(("curves", "points"), [(2, 5000), (60, 500), (500, 100)])
def test_all_curves_of_a_plot_have_few_points_at_the_same_places(curves: int, points: int) -> None:
    made = [[(float(x), float(number)) for x in range(points)] for number in range(curves)]
    drawn = thinned(made)
    assert sum(map(len, drawn)) <= MOST_POINTS + curves
    assert max(map(len, drawn)) <= MOST_OF_A_CURVE
    assert all([x for x, _ in curve] == [x for x, _ in drawn[0]] for curve in drawn)
    assert all(curve[-1] == whole[-1] for curve, whole in zip(drawn, made, strict=True))


def test_a_curve_that_ends_early_keeps_its_last_point() -> None:
    short = [(float(x), 0.0) for x in range(1234)]
    long = [(float(x), 1.0) for x in range(5000)]
    assert thinned([short, long])[0][-1] == (1233.0, 0.0)


def test_few_points_stay_as_they_are() -> None:
    curves = [[(1.0, 0.5), (2.0, 0.25)]]
    assert thinned(curves) == curves
    assert thinned([]) == []


def test_a_long_text_is_cut() -> None:
    assert cut("short") == "short"
    assert cut("x" * (LONGEST_TEXT + 1)) == "x" * LONGEST_TEXT + " ..."
