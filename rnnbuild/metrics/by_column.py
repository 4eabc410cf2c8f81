"""Scores of each column of a forecast in its own unit, beside those of trivial methods."""

from collections.abc import Mapping
from dataclasses import dataclass

from rnnbuild.metrics.bootstrap import RESAMPLES
from rnnbuild.metrics.forecasting import Forecasts
from rnnbuild.metrics.scoring import Score
from rnnbuild.metrics.tasks import scores


@dataclass(frozen=True)
class ColumnScores:
    """One column: `scores` by metric, and `baselines` by trivial method and metric."""

    scores: dict[str, Score]
    baselines: dict[str, dict[str, float | None]]


def scores_by_column(
    answers: Forecasts, baselines: Mapping[str, Forecasts], resamples: int = RESAMPLES
) -> dict[str, ColumnScores]:
    """The scores of each column, with intervals, and the values of each trivial method."""
    return {
        name: ColumnScores(
            scores(answers.of_column(number), resamples),
            {
                method: {
                    metric: score.value
                    for metric, score in scores(others.of_column(number), resamples=0).items()
                }
                for method, others in baselines.items()
            },
        )
        for number, name in enumerate(answers.units)
    }
