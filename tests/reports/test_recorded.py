"""What is drawn from the recorded answers of a run."""

import numpy as np
import pytest

from rnnbuild.reports.run.calibration import calibration_figure, sure_and_correct
from rnnbuild.reports.run.forecasts import MOST_POINTS, MOST_STEPS, forecast_figures
from rnnbuild.runs.answers_file import LabelAnswers, NumberAnswers, SplitAnswers, TagAnswers


def record_of(answers: NumberAnswers) -> SplitAnswers:
    rows = len(answers.targets)
    return SplitAnswers(
        task="forecast",
        scored_as="forecast",
        split="test",
        count=rows,
        digests=("",) * rows,
        texts=("",) * rows,
        lengths=(3,) * rows,
        answers=answers,
    )


def series(rows: int, ahead: int = 3, dates: tuple[str, ...] | None = None) -> NumberAnswers:
    """Windows of 0, 1, 2, ... one after the other, each forecast too high by its steps ahead."""
    targets = tuple(tuple(float(row + step) for step in range(ahead)) for row in range(rows))
    forecasts = tuple(
        tuple(value + 0.1 * (step + 1) for step, value in enumerate(row)) for row in targets
    )
    return NumberAnswers(
        names=("sales",),
        outputs=ahead,
        targets=targets,
        predictions=forecasts,
        errors={"squared_errors": (0.0,) * rows},
        dates=dates,
    )


def test_a_forecast_is_drawn_at_the_step_that_it_is_of() -> None:
    (figure,) = forecast_figures(record_of(series(6)))
    rows = {row["step"]: row for row in figure.table.rows}
    # Steps are numbered from 1, and their values are 0, 1, 2, ...
    assert rows["4"]["what happened"] == 3
    assert rows["4"]["forecast 1 step ahead"] == pytest.approx(3.1)
    assert rows["4"]["forecast 3 steps ahead"] == pytest.approx(3.3)
    assert rows["1"]["forecast 3 steps ahead"] is None  # nobody forecast it


def test_dates_are_drawn_where_they_are_iso_8601() -> None:
    days = tuple(f"2024-01-{day:02}" for day in range(1, 7))
    (figure,) = forecast_figures(record_of(series(6, dates=days)))
    assert figure.spec["encoding"]["x"]["type"] == "temporal"
    assert [row["step"] for row in figure.table.rows] == list(days)
    (other,) = forecast_figures(record_of(series(6, dates=("1.1.24",) * 6)))
    assert other.spec["encoding"]["x"]["type"] == "quantitative"


def test_of_a_long_series_the_last_steps_are_drawn() -> None:
    (figure,) = forecast_figures(record_of(series(MOST_STEPS + 50)))
    assert len(figure.table.rows) == MOST_STEPS
    assert figure.table.rows[-1]["what happened"] == MOST_STEPS + 49
    assert f"of {MOST_STEPS + 50} rows" in figure.note


def test_answers_that_are_no_series_are_drawn_against_their_targets() -> None:
    values = np.random.default_rng(1).random((MOST_POINTS + 5, 1))
    answers = NumberAnswers(
        names=(),
        outputs=1,
        targets=tuple(map(tuple, values.tolist())),
        predictions=tuple(map(tuple, (values + 0.5).tolist())),
        errors={"squared_errors": (0.25,) * len(values)},
    )
    (figure,) = forecast_figures(record_of(answers))
    assert len(figure.table.rows) == MOST_POINTS
    assert figure.table.rows[3]["answer"] == pytest.approx(figure.table.rows[3]["target"] + 0.5)


def test_the_probability_of_a_prediction_is_found_in_every_form() -> None:
    of_two = LabelAnswers(
        labels=("bad", "good"),
        targets=(0, 1, None),
        predictions=(0, 0, 1),
        probabilities=((0.25,), (0.125,), (0.75,)),
    )
    assert sure_and_correct(of_two) == [(0.75, True), (0.875, False), (0.75, False)]
    of_three = LabelAnswers(
        labels=("a", "b", "c"),
        targets=(2, 1),
        predictions=(2, 0),
        probabilities=((0.1, 0.2, 0.7), (0.5, 0.3, 0.2)),
    )
    assert sure_and_correct(of_three) == [(0.7, True), (0.5, False)]
    of_many = LabelAnswers(
        labels=("a", "b"),
        targets=(0,),
        predictions=(1,),
        target_probabilities=(0.25,),
        prediction_probabilities=(0.75,),
    )
    assert sure_and_correct(of_many) == [(0.75, False)]
    tags = TagAnswers(
        labels=("O", "B"),
        tokens=(("a", "b"),),
        targets=((0, None),),
        predictions=((0, 1),),
        probabilities=((0.5, 0.75),),
    )
    assert sure_and_correct(tags) == [(0.5, True), (0.75, False)]


def test_few_answers_and_answers_without_probabilities_have_no_calibration() -> None:
    few = LabelAnswers(labels=("a", "b"), targets=(0,), predictions=(1,), probabilities=((0.5,),))
    assert calibration_figure(few) is None
    assert calibration_figure(series(100)) is None
    many = LabelAnswers(
        labels=("a", "b"),
        targets=(0, 1) * 40,
        predictions=(0, 0) * 40,
        probabilities=((0.25,), (None,)) * 40,
    )
    assert calibration_figure(many) is None  # 40 have a probability
