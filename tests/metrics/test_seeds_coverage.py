"""How often the interval over seeds contains the true mean, and why it is not a bootstrap."""

import numpy as np
import pytest

from rnnbuild.metrics.seeds import mean_over_seeds

TRIALS = [2000, pytest.param(50_000, marks=pytest.mark.torture)]


def error(share: float, trials: int) -> float:
    """Three standard errors of a share."""
    return float(3 * np.sqrt(share * (1 - share) / trials))


@pytest.mark.parametrize("seeds", [2, 3, 5, 10])
@pytest.mark.parametrize("trials", TRIALS)
def test_the_interval_contains_the_true_mean_in_95_percent(seeds: int, trials: int) -> None:
    values = np.random.default_rng([seeds, trials]).normal(0.8, 0.01, (trials, seeds))
    scores = [mean_over_seeds(list(row)) for row in values]
    inside = np.mean([score.low <= 0.8 <= score.high for score in scores])
    assert inside == pytest.approx(0.95, abs=error(0.95, trials))


@pytest.mark.parametrize(("seeds", "share"), [(3, 0.757), (5, 0.838), (10, 0.90)])
@pytest.mark.parametrize("trials", [2000, pytest.param(20_000, marks=pytest.mark.torture)])
def test_a_percentile_bootstrap_contains_it_less_often(
    seeds: int, share: float, trials: int
) -> None:
    draw = np.random.default_rng(seeds)
    values = draw.normal(0.8, 0.01, (trials, seeds))
    inside = 0
    for row in values:
        means = row[draw.integers(seeds, size=(1000, seeds))].mean(axis=1)
        low, high = np.quantile(means, [0.025, 0.975])
        inside += low <= 0.8 <= high
    assert inside / trials == pytest.approx(share, abs=error(share, trials) + 0.005)
    assert inside / trials < 0.95 - error(0.95, trials)
