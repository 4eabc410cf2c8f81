"""Numbers of seeds, against statsmodels and published tables."""

import numpy as np
import pytest
from statsmodels.stats.power import TTestPower

from rnnbuild.metrics.power import POWER, power, seeds_to_show


@pytest.mark.parametrize("seeds", [2, 3, 5, 10, 34, 200])
@pytest.mark.parametrize("gap", [0.1, 0.5, 1.0, 2.0, 5.0])
@pytest.mark.parametrize("level", [0.05, 0.05 / 15])
def test_the_power_of_a_test_is_that_of_statsmodels(seeds, gap, level):
    # The test has two sides; to find the gap the wrong way round is no success. The two ends of
    # the noncentral t are computed by different series: six digits agree.
    expected = TTestPower().power(gap, seeds, level / 2, alternative="larger")
    assert power(seeds, 3 * gap, 3.0, level) == pytest.approx(expected, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize(
    # Cohen, 1988, table 2.4.1 for paired tests: d of 0.2, 0.5, 0.8, and what five seeds can show.
    ("gap", "seeds"),
    [(0.2, 199), (0.5, 34), (0.8, 15), (1.0, 10), (2.0, 5)],
)
def test_the_numbers_of_seeds_are_those_of_the_tables(gap, seeds):
    assert seeds_to_show(gap, 1.0) == seeds_to_show(-gap, 1.0) == seeds


@pytest.mark.parametrize("gap", np.geomspace(0.09, 30, 25))
@pytest.mark.parametrize("level", [0.05, 0.01])
def test_one_seed_fewer_is_too_few(gap, level):
    seeds = seeds_to_show(gap, 1.0, level)
    if seeds is None:
        assert power(1000, gap, 1.0, level) < POWER
        return
    assert power(seeds, gap, 1.0, level) >= POWER
    assert seeds == 2 or power(seeds - 1, gap, 1.0, level) < POWER


@pytest.mark.parametrize("gap", [0.0, 1e-9, 0.05])
def test_more_than_a_thousand_seeds_are_not_counted(gap):
    assert seeds_to_show(gap, 1.0) is None
