"""Intervals contain the true score about as often as they say, by simulation.

Bounds are three standard errors of a share of that many trials around what is promised.
"""

from collections.abc import Callable

import numpy as np
import pytest

from rnnbuild.metrics.classification import Classified
from rnnbuild.metrics.forecasting import Forecasts
from rnnbuild.metrics.tagging import Tagged
from rnnbuild.metrics.tasks import scores
from rnnbuild.metrics.translation import Translated
from tests.metrics.processes import autoregressive, overlapping_windows

LEAST, MOST = 0.92, 0.97

ERRORS = {
    "24 independent": lambda draw: autoregressive(draw, 24, 0.0),
    "1000 independent": lambda draw: autoregressive(draw, 1000, 0.0),
    "36 at 0.5": lambda draw: autoregressive(draw, 36, 0.5),
    "100 at 0.8": lambda draw: autoregressive(draw, 100, 0.8),
    "200 at 0.9": lambda draw: autoregressive(draw, 200, 0.9),
    "300 at 0.9": lambda draw: autoregressive(draw, 300, 0.9),
    "60 at -0.5": lambda draw: autoregressive(draw, 60, -0.5),
    "300 at 0.7 a season before": lambda draw: autoregressive(draw, 300, 0.7, lag=12),
    "100 with a bias": lambda draw: autoregressive(draw, 100, 0.5) + 1,
    "100 of two columns": lambda draw: np.hstack(
        [autoregressive(draw, 100, 0.8), autoregressive(draw, 100, 0.8)]
    ),
    "1000 with heavy tails": lambda draw: autoregressive(draw, 1000, 0.8, heavy_tails=True),
    "100 windows of 6": lambda draw: overlapping_windows(draw, 100, 6),
    "1000 windows of 24": lambda draw: overlapping_windows(draw, 1000, 24),
}
TRUE_RMSE = {
    "100 with a bias": 2**0.5,
    "100 windows of 6": 3.5**0.5,
    "1000 windows of 24": 12.5**0.5,
}


def coverage(make, name: str, truth: float, trials: int) -> tuple[float, float]:
    """How often an interval contains the truth, and how often there is one."""
    made = [score for seed in range(trials) if (score := make(seed)[name]).low is not None]
    return np.mean([score.low <= truth <= score.high for score in made]), len(made) / trials


def check(share: float, trials: int, most: float = MOST) -> None:
    error = 3 * np.sqrt(0.05 * 0.95 / trials)
    assert LEAST - error <= share <= most + error


def forecasts(process: str) -> Callable:
    def make(seed):
        errors = ERRORS[process](np.random.default_rng(seed))
        return scores(Forecasts(np.zeros_like(errors), errors))

    return make


@pytest.mark.parametrize("process", ERRORS)
@pytest.mark.parametrize("trials", [200, pytest.param(4000, marks=pytest.mark.torture)])
def test_rmse_from_twenty_effective_errors_on(process, trials):
    share, given = coverage(forecasts(process), "rmse", TRUE_RMSE.get(process, 1.0), trials)
    check(share, trials)
    assert given > 0.7


@pytest.mark.parametrize("process", ["24 independent", "100 at 0.8", "300 at 0.9"])
@pytest.mark.parametrize("trials", [200, pytest.param(4000, marks=pytest.mark.torture)])
def test_mae_of_normal_errors(process, trials):
    share, _ = coverage(forecasts(process), "mae", np.sqrt(2 / np.pi), trials)
    check(share, trials)


@pytest.mark.parametrize(("rows", "strength"), [(24, 0.9), (24, 0.8), (60, 0.9)])
def test_fewer_effective_errors_than_twenty_mostly_have_no_interval(rows, strength):
    # 3, 5 and 6 effective errors; what few errors say of their dependence misleads now and then.
    draw = np.random.default_rng(0)
    made = (autoregressive(draw, rows, strength) for _ in range(200))
    given = [scores(Forecasts(np.zeros_like(each), each))["rmse"].low is not None for each in made]
    assert np.mean(given) < 0.2


def classified(draw, rows, apart, shares):
    targets = draw.choice(len(shares), rows, p=shares)
    logits = draw.normal(size=(rows, len(shares)))
    logits[np.arange(rows), targets] += apart
    likely = np.exp(logits)
    return Classified.from_probabilities(
        targets, likely / likely.sum(axis=1, keepdims=True), tuple("abcdef"[: len(shares)])
    )


def tagged(draw, rows):
    """Sentences, some more difficult than others, in which entities follow one another."""
    lengths = draw.integers(4, 20, size=rows)
    offsets = np.r_[0, np.cumsum(lengths)]
    targets = draw.choice(3, offsets[-1], p=[0.7, 0.2, 0.1])
    difficult = np.repeat(draw.beta(1, 8, size=rows), lengths)
    wrong = draw.random(offsets[-1]) < difficult
    predictions = np.where(wrong, draw.integers(3, size=offsets[-1]), targets)
    return Tagged(targets, predictions, offsets, ("O", "B-x", "I-x"))


def translated(draw, rows):
    lengths = draw.integers(4, 15, size=rows)
    offsets = np.r_[0, np.cumsum(lengths)]
    targets = draw.integers(50, size=offsets[-1])
    wrong = draw.random(offsets[-1]) < np.repeat(draw.beta(1, 8, size=rows), lengths)
    return Translated(targets, offsets, np.where(wrong, 51, targets), offsets)


MADE = {
    "two classes": lambda draw, rows: classified(draw, rows, 1.5, [0.6, 0.4]),
    "four classes": lambda draw, rows: classified(draw, rows, 2.0, [0.4, 0.3, 0.2, 0.1]),
    "one class in fourteen": lambda draw, rows: classified(draw, rows, 2.5, [0.93, 0.07]),
    "tags": tagged,
    "translations": translated,
}
CASES = {
    ("two classes", 24): ("accuracy", "roc_auc"),
    ("two classes", 100): ("accuracy", "macro_f1", "balanced_accuracy", "roc_auc", "log_loss"),
    ("four classes", 200): ("accuracy", "macro_f1", "balanced_accuracy", "log_loss"),
    ("one class in fourteen", 200): ("balanced_accuracy", "roc_auc"),
    ("tags", 50): ("entity_f1", "token_accuracy"),
    ("translations", 50): ("bleu", "exact_match", "token_accuracy"),
}


@pytest.mark.parametrize(("kind", "rows"), CASES)
@pytest.mark.parametrize(
    ("trials", "resamples"), [(120, 200), pytest.param(2000, 400, marks=pytest.mark.torture)]
)
def test_scores_of_examples(kind, rows, trials, resamples):
    # So many examples that what is left of chance does not matter.
    enough = 20_000 if kind in ("tags", "translations") else 200_000
    truth = scores(MADE[kind](np.random.default_rng(10**6), enough), resamples=0)
    made = [
        scores(MADE[kind](np.random.default_rng(seed), rows), resamples) for seed in range(trials)
    ]
    for name in CASES[kind, rows]:
        share, given = coverage(made.__getitem__, name, truth[name].value, trials)
        # An area's interval is wider than it has to be: it allows for any shape of the curve.
        check(share, trials, most=0.99 if name == "roc_auc" else MOST)
        assert given > 0.9
