"""Whether a model is worth its cost: its score beside those of trivial answers."""

from dataclasses import replace

import pytest

from rnnbuild.metrics.scoring import Score
from rnnbuild.runs.metrics_file import Evaluation
from rnnbuild.wording.scores import scores_table, verdict


def metrics_of(main: str, score: float | None, **baselines: float | None) -> Evaluation:
    return Evaluation(
        task="classify",
        main=main,
        scores={"test": {main: Score(score, None, None, 12)}},
        baselines={"test": {name: {main: value} for name, value in baselines.items()}},
        details={},
    )


@pytest.mark.parametrize(
    ("main", "score", "rivals"),
    [
        ("accuracy", 0.9, {"majority": 0.5}),
        ("rmse", 1.0, {"last_value": 2.0}),
        ("accuracy", None, {"majority": 0.5}),
        ("accuracy", 0.9, {"majority": None}),
        ("accuracy", 0.9, {}),
    ],
)
def test_a_model_that_beats_every_trivial_answer_gets_no_verdict(main, score, rivals):
    assert verdict(metrics_of(main, score, **rivals), "test") == []


def test_the_best_trivial_answer_that_it_does_not_beat_is_named():
    metrics = metrics_of("accuracy", 0.5, majority=0.5, linear=0.75, guess=0.25)
    assert verdict(metrics, "test") == [
        "The model does not beat `linear` (accuracy 0.7500): it is not worth its cost yet."
    ]


def test_a_tie_does_not_beat_and_the_lowest_error_is_best():
    metrics = metrics_of("rmse", 2.0, last_value=2.0, mean=3.0)
    assert verdict(metrics, "test") == [
        "The model does not beat `last_value` (RMSE 2.0000): it is not worth its cost yet."
    ]


def test_the_main_split_is_test_or_else_validation():
    on_test = metrics_of("accuracy", 0.5)
    scores = on_test.scores["test"]
    assert replace(on_test, scores={"validation": scores, "test": scores}).main_split == "test"
    assert replace(on_test, scores={"validation": scores}).main_split == "validation"
    assert replace(on_test, scores={}).main_split is None


def test_a_score_is_shown_beside_its_interval_and_every_trivial_answer():
    table = scores_table(metrics_of("accuracy", 0.5, majority=0.25), "test")
    assert [column.header for column in table.columns] == [
        "",
        "this model",
        "95 % interval",
        "majority",
    ]
    assert [column.cell(table.rows[0]) for column in table.columns] == [
        "accuracy",
        "0.5000",
        "",
        "0.2500",
    ]
    assert table.csv_fields == ["metric", "value", "low", "high", "no_interval", "majority"]


def test_a_score_without_an_interval_says_none_and_why_below():
    metrics = metrics_of("rmse", 0.5)
    score = Score(0.5, None, None, 12, "12 examples are too few: it needs 20 independent ones")
    table = scores_table(replace(metrics, scores={"test": {"rmse": score, "mae": score}}), "test")
    assert [column.cell(table.rows[0]) for column in table.columns] == ["RMSE", "0.5000", "none"]
    assert list(table.notes) == [
        "No interval for RMSE, MAE: 12 examples are too few: it needs 20 independent ones."
    ]


def test_the_most_frequent_tag_says_over_which_words_it_is_counted():
    metrics = metrics_of("token_accuracy", 0.5, **{"most frequent tag": 0.25})
    assert list(scores_table(metrics, "test").notes) == [
        "most frequent tag: of each word in training; of words that training lacks, the most "
        "common of all."
    ]
    assert list(scores_table(metrics_of("accuracy", 0.5, majority=0.25), "test").notes) == []
