"""The interval of a change of loss over the same rows."""

import numpy as np
import pytest
from scipy import stats

from rnnbuild.metrics.loss_parts import FEWEST, PARTS, interval_of_change, means_of_parts


def test_parts_are_means_of_rows_in_their_order() -> None:
    losses = np.repeat(np.arange(PARTS, dtype=float), 3)
    assert means_of_parts(losses) == tuple(range(PARTS))
    few = np.linspace(0.5, 1.5, FEWEST)
    assert means_of_parts(few) == pytest.approx(few, rel=1e-5)  # six digits are kept


@pytest.mark.parametrize(
    "losses", [np.ones(FEWEST - 1), np.append(np.ones(FEWEST), np.nan), np.full(40, np.inf)]
)
def test_few_losses_and_those_that_are_not_finite_have_no_parts(losses: np.ndarray) -> None:
    assert means_of_parts(losses) is None


def test_the_interval_is_that_of_a_paired_t_test() -> None:
    generator = np.random.default_rng(3)
    hard = generator.gamma(1.0, 1.0, PARTS)
    before, after = hard + generator.normal(0, 0.1, (2, PARTS))
    known = stats.ttest_rel(after, before).confidence_interval(0.95)
    assert interval_of_change(before, after) == pytest.approx(tuple(known), rel=1e-9)


def test_it_covers_the_true_change_as_often_as_it_says_where_neighbours_depend() -> None:
    """Losses of an autoregressive series (0.8), as of overlapping windows."""
    generator, covered, rows = np.random.default_rng(4), 0, 3200
    for _ in range(400):
        change = 0.05 + autoregressive(generator, rows)
        hard = generator.gamma(1.0, 1.0, rows)
        before, after = means_of_parts(hard), means_of_parts(hard + change)
        assert before is not None
        assert after is not None
        low, high = interval_of_change(before, after)
        covered += low <= 0.05 <= high
    # 95 %, less what 100 rows a part leave of the dependence; ±2.2 % is chance in 400.
    assert 0.91 < covered / 400 < 0.98


def autoregressive(generator: np.random.Generator, rows: int) -> np.ndarray:
    from scipy.signal import lfilter

    return np.asarray(lfilter([1.0], [1.0, -0.8], generator.normal(0, 0.1, rows + 200))[200:])


def test_parts_of_other_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="not those of the same rows"):
        interval_of_change([1.0] * 8, [1.0] * 9)
