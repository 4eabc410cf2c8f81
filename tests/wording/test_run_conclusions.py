"""What is said of a run at the head of its page, each with its number."""

from dataclasses import replace

import pytest

from rnnbuild.metrics.by_length import LengthBin
from rnnbuild.metrics.scoring import Score
from rnnbuild.runs.history import HistoryLine
from rnnbuild.runs.metrics_file import ConfusionCell, Details, Metrics
from rnnbuild.wording.loss_verdict import MORE_EPOCHS
from rnnbuild.wording.run_conclusions import (
    Conclusion,
    conclusions,
    more_epochs_help,
    remarks_on_losses,
)
from rnnbuild.wording.scores import best_trivial


def metrics_of(main: str = "accuracy", value: float | None = 0.8, **trivial: float) -> Metrics:
    score = Score(value, None if value is None else 0.75, None if value is None else 0.85, 1200)
    return Metrics(
        task="classify",
        main=main,
        scores={"test": {main: score}},
        baselines={"test": {name: {main: each} for name, each in trivial.items()}},
        details={},
        epochs=3,
        steps=30,
        parameters=100,
        remarks=(),
    )


def history_of(*losses: tuple[float, float]) -> list[HistoryLine]:
    return [
        HistoryLine(
            epoch=number, steps=number, train={"loss": train}, validation={"loss": validation}
        )
        for number, (train, validation) in enumerate(losses, 1)
    ]


def with_details(metrics: Metrics, **details: object) -> Metrics:
    return replace(metrics, details={"test": Details(mistakes=(), **details)})  # type: ignore[arg-type]


def test_the_score_comes_first_with_its_interval_and_its_examples() -> None:
    first = next(conclusions(metrics_of(), "test", []))
    assert first == Conclusion(
        "Accuracy on 1,200 test examples is 0.8000 (95 % interval 0.7500–0.8500)."
    )


def test_an_undefined_score_is_said_to_be_undefined() -> None:
    said = list(conclusions(metrics_of(value=None, majority=0.5), "test", []))
    assert said == [Conclusion("Accuracy on 1,200 test examples is undefined.")]


@pytest.mark.parametrize(
    ("main", "value", "trivial", "judgement", "text"),
    [
        (
            "accuracy",
            0.8,
            {"majority": 0.5, "linear": 0.7},
            "good",
            "The model beats the best trivial answer, `linear`, which has 0.7000.",
        ),
        (
            "rmse",
            0.8,
            {"zero": 3.0, "persistence": 2.0},
            "good",
            "The model beats the best trivial answer, `persistence`, which has 2.0000.",
        ),
        (
            "rmse",
            0.8,
            {"persistence": 0.82},
            "warning",
            "The model is not shown to beat `persistence` (RMSE 0.8200), which is within its 95 % "
            "interval, 0.7500–0.8500.",
        ),
        (
            "accuracy",
            0.8,
            {"majority": 0.5, "linear": 0.75},
            "warning",
            "The model is not shown to beat `linear` (accuracy 0.7500), which is within its 95 % "
            "interval, 0.7500–0.8500.",
        ),
        (
            "rmse",
            0.8,
            {"persistence": 0.7},
            "bad",
            "The model does not beat `persistence` (RMSE 0.7000): it is not worth its cost yet.",
        ),
    ],
)
def test_it_is_judged_beside_the_best_trivial_answer(
    main: str, value: float, trivial: dict[str, float], judgement: str, text: str
) -> None:
    said = list(conclusions(metrics_of(main, value, **trivial), "test", []))
    assert [(each.judgement, each.text) for each in said[1:]] == [(judgement, text)]


def test_there_may_be_no_trivial_answer() -> None:
    assert best_trivial(metrics_of(), "test") is None


RISING = history_of((1.0, 1.0), (0.8, 0.6), (0.6, 0.8), (0.5, 1.0), (0.4, 1.2), (0.3, 1.4))
FALLING = history_of((1.0, 1.0), (0.8, 0.8), (0.6, 0.6), (0.5, 0.5))
SLOW = history_of((1.0, 1.0), (0.98, 0.98), (0.95, 0.95), (0.91, 0.91))
FLAT = history_of((1.0, 1.0), (0.5, 0.5), (0.4, 0.5), (0.3, 0.5), (0.2, 0.5))


@pytest.mark.parametrize(
    ("history", "judgement", "start"),
    [
        (RISING, "warning", "Overfitted from epoch 3 on: since then the validation loss rose"),
        (FALLING, "warning", "The validation loss was still falling in epoch 4 of 4"),
        (FLAT, "good", "No overfitting in 5 epochs"),
    ],
)
def test_losses_are_judged(history: list[HistoryLine], judgement: str, start: str) -> None:
    losses = list(conclusions(metrics_of(), "test", history))[1]
    assert losses.judgement == judgement
    assert losses.text.startswith(start)


def test_remarks_on_losses_that_an_older_version_left_are_not_said_beside_todays() -> None:
    older = (
        "No overfitting in 4 epochs: the validation loss ended at 0.5000, its lowest was 0.5000."
    )
    metrics = replace(metrics_of(), remarks=(older, "The linear answer was not computed."))
    said = [each.text for each in conclusions(metrics, "test", FALLING)]
    assert older not in said
    assert "The linear answer was not computed." in said


def on_validation(value: float, trivial: float) -> Metrics:
    metrics = metrics_of(value=value, majority=trivial, linear=0.95)
    scores, baselines = metrics.scores["test"], metrics.baselines["test"]
    return replace(metrics, scores={"validation": scores}, baselines={"validation": baselines})


@pytest.mark.parametrize(("trivial", "barely"), [(0.9, True), (0.8, True), (0.7, False)])
def test_a_run_has_barely_started_if_it_still_learns_and_beats_nothing(
    trivial: float, barely: bool
) -> None:
    said = remarks_on_losses(on_validation(0.8, trivial), SLOW, kept=None)
    assert said[0].startswith("The run has barely started") == barely
    halved = remarks_on_losses(on_validation(0.8, trivial), FALLING, kept=None)
    assert halved[0].startswith("The validation loss was still falling")
    settled = remarks_on_losses(on_validation(0.8, trivial), FLAT, kept=None)
    assert settled[0].startswith("No overfitting")


def test_what_is_not_shown_names_the_number_of_rows() -> None:
    bump = [*FLAT, *history_of((0.1, 0.9))]
    metrics = on_validation(0.8, 0.7)
    count = metrics.scores["validation"][metrics.main].count
    (said,) = remarks_on_losses(metrics, bump, kept=None)
    assert said.endswith(f"its lowest was 0.5000, over {count:,} validation examples.")


@pytest.mark.parametrize(("value", "advised"), [(0.8, True), (1.0, False)])
def test_more_epochs_are_advised_while_there_are_mistakes(value: float, advised: bool) -> None:
    metrics = on_validation(value, 0.5)
    assert more_epochs_help(metrics, FALLING) == advised
    assert (MORE_EPOCHS in remarks_on_losses(metrics, FALLING, kept=None)) == advised
    assert not more_epochs_help(metrics, FLAT)


def test_a_remark_of_training_is_said_too() -> None:
    metrics = replace(metrics_of(), remarks=("The linear answer was not computed.",))
    assert Conclusion("The linear answer was not computed.") in conclusions(metrics, "test", [])


def test_the_most_common_confusion_is_said_with_its_share_of_the_label() -> None:
    cells = (
        ConfusionCell("a", "a", 30),
        ConfusionCell("b", "a", 6),
        ConfusionCell("b", "b", 4),
        ConfusionCell("a", "b", 2),
    )
    said = list(conclusions(with_details(metrics_of(), confusion=cells), "test", []))
    assert (
        said[1].text
        == "The most common confusion is `b` predicted as `a`: 6 of 10 examples (60.0 %)."
    )
    correct = with_details(metrics_of(), confusion=cells[:1])
    assert len(list(conclusions(correct, "test", []))) == 1


def bins(main: str, *scores: tuple[float, float, float]) -> tuple[LengthBin, ...]:
    return tuple(
        LengthBin(10 * number + 1, 10 * number + 10, {main: Score(value, low, high, 50)})
        for number, (value, low, high) in enumerate(scores)
    )


def test_lengths_are_said_to_differ_only_where_their_intervals_lie_apart() -> None:
    apart = bins("accuracy", (0.9, 0.85, 0.95), (0.8, 0.7, 0.9), (0.6, 0.5, 0.7))
    said = list(conclusions(with_details(metrics_of(), by_length=apart), "test", []))
    assert said[1].text == (
        "Sequences of 21–30 steps are answered worst (accuracy 0.6000), those of 1–10 steps best "
        "(0.9000)."
    )
    overlapping = bins("accuracy", (0.9, 0.65, 0.95), (0.6, 0.5, 0.7))
    assert (
        len(list(conclusions(with_details(metrics_of(), by_length=overlapping), "test", []))) == 1
    )


def test_of_errors_the_longest_bar_is_the_worst() -> None:
    apart = bins("rmse", (0.9, 0.85, 0.95), (0.3, 0.2, 0.4))
    said = list(conclusions(with_details(metrics_of("rmse"), by_length=apart), "test", []))
    assert "1–10 steps are answered worst (RMSE 0.9000)" in said[1].text
