"""Differences of forecasts: the equations in plain NumPy, SciPy where errors are independent."""

import numpy as np
import pytest
from scipy import stats

from rnnbuild.metrics.diebold_mariano import MeanInTime, mean_in_time


def white(generator: np.random.Generator, rows: int) -> np.ndarray:
    return generator.normal(size=rows)


def carried_on(share: float):
    """Errors of which each carries on a share of the one before."""

    def make(generator: np.random.Generator, rows: int) -> np.ndarray:
        noise, errors = generator.normal(size=rows + 100), np.zeros(rows + 100)
        for step in range(1, len(errors)):
            errors[step] = share * errors[step - 1] + noise[step]
        return errors[100:]

    return make


def overlapping(steps: int):
    """Errors of forecasts over so many steps."""

    def make(generator: np.random.Generator, rows: int) -> np.ndarray:
        return np.convolve(generator.normal(size=rows + steps - 1), np.ones(steps), "valid")

    return make


def equal_losses(generator: np.random.Generator, rows: int, make) -> np.ndarray:
    """Differences of the squared errors of two forecasts that are equally good."""
    shared, one, other = (make(generator, rows) for _ in range(3))
    return (shared + 0.5 * one) ** 2 - (shared + 0.5 * other) ** 2


def test_the_standard_error_is_that_of_the_equations():
    """Lazarus and others (2018), equation 4, with cosines in place of the transform."""
    values = equal_losses(np.random.default_rng(1), 300, white) + 0.3
    known = mean_in_time(values, 1)
    assert isinstance(known, MeanInTime)
    assert known.degrees == int(0.4 * 300 ** (2 / 3))
    time = (np.arange(300) + 0.5) / 300
    waves = [
        np.sqrt(2 / 300) * (values * np.cos(np.pi * number * time)).sum()
        for number in range(1, known.degrees + 1)
    ]
    variance = np.mean(np.square(waves))
    assert known.error == pytest.approx(np.sqrt(variance / 300))
    assert known.mean == pytest.approx(values.mean())
    t = stats.t(known.degrees)
    assert known.p == pytest.approx(2 * t.sf(abs(values.mean()) / known.error))
    assert known.margin == pytest.approx(t.ppf(0.975) * known.error)


def test_with_many_independent_errors_it_is_students_t_test():
    values = equal_losses(np.random.default_rng(2), 200_000, white) + 0.01
    known = mean_in_time(values, 1)
    assert isinstance(known, MeanInTime)
    # The share of a variance that is estimated from 1,367 waves: within a tenth.
    expected = stats.ttest_1samp(values, 0)
    assert known.error == pytest.approx(values.std() / np.sqrt(len(values)), rel=0.1)
    assert known.mean / known.error == pytest.approx(expected.statistic, rel=0.1)


@pytest.mark.parametrize("trials", [400, pytest.param(20_000, marks=pytest.mark.torture)])
@pytest.mark.parametrize(
    ("rows", "reach", "make"),
    [
        (20, 1, white),
        (200, 1, white),
        (200, 12, overlapping(12)),
        (1000, 12, overlapping(12)),
        (200, 1, carried_on(0.7)),
        (1000, 1, carried_on(0.9)),
    ],
)
def test_forecasts_that_are_equally_good_are_rarely_told_apart(rows, reach, make, trials):
    generator = np.random.default_rng(3)
    alarms = 0
    for _ in range(trials):
        known = mean_in_time(equal_losses(generator, rows, make), reach)
        alarms += isinstance(known, MeanInTime) and known.p <= 0.05
    # 6.5 %, and three standard errors of a share of the trials.
    assert alarms / trials <= 0.065 + 3 * np.sqrt(0.05 * 0.95 / trials)


def test_as_if_they_were_independent_dependent_errors_would_alarm_often():
    """The simulation would show a test that ignores dependence."""
    generator = np.random.default_rng(4)
    make = overlapping(12)
    alarms = [
        stats.ttest_1samp(equal_losses(generator, 200, make), 0).pvalue <= 0.05 for _ in range(200)
    ]
    assert np.mean(alarms) > 0.2


@pytest.mark.parametrize(
    ("values", "reach", "reason"),
    [
        (np.ones(19), 1, "19 examples are too few: it needs 20 independent ones"),
        (np.ones(50), 1, "no other choice of these examples changes it"),
        (
            equal_losses(np.random.default_rng(5), 100, overlapping(24)),
            24,
            "100 examples whose errors follow one another are worth about 4 independent ones, "
            "and it needs 20",
        ),
        (np.full(50, np.inf), 1, "no other choice of these examples changes it"),
    ],
)
@pytest.mark.filterwarnings("ignore:invalid value")
def test_where_nothing_is_known_it_says_why(values, reach, reason):
    assert mean_in_time(values, reach) == reason
