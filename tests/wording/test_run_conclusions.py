"""What is said of a run at the head of its page, each with its number."""

from dataclasses import replace

import pytest

from rnnbuild.metrics.by_length import LengthBin
from rnnbuild.metrics.scoring import Score
from rnnbuild.runs.history import HistoryLine
from rnnbuild.runs.metrics_file import ConfusionCell, Details, Metrics
from rnnbuild.wording.run_conclusions import Conclusion, best_trivial, conclusions


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


def test_overfitting_is_a_warning_and_its_absence_is_good() -> None:
    rising = list(conclusions(metrics_of(), "test", history_of((1.0, 1.0), (0.5, 2.0))))
    assert rising[1].judgement == "warning"
    assert rising[1].text.startswith("Overfitted from epoch 2 on: since then the validation loss")
    falling = list(conclusions(metrics_of(), "test", history_of((1.0, 1.0), (0.5, 0.5))))
    assert falling[1].judgement == "good"
    assert falling[1].text.startswith("No overfitting in 2 epochs")


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
