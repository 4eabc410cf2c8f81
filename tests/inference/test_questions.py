"""Questions answered together, against the same model asked by each alone."""

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnnbuild import open_run
from rnnbuild.errors import DataError, RunError
from rnnbuild.inference.questions import (
    Question,
    UnansweredError,
    answers_together,
    parts_of,
    question_of,
)
from rnnbuild.inference.trained_run import TrainedRun
from tests.small_runs import WORDS, config_file, series_config, trained_run

ROUNDED = 2e-6
"""Answers have six digits, of single precision computed in batches of another shape."""
texts = st.lists(st.sampled_from([*WORDS, "fine", "dull", "zz"]), max_size=12).map(" ".join)
askers = st.lists(st.lists(texts, min_size=1, max_size=4), min_size=1, max_size=5)


@pytest.fixture(scope="module", params=["classify_run", "tag_run", "translate_run", "language_run"])
def trained(request: pytest.FixtureRequest) -> TrainedRun:
    return open_run(request.getfixturevalue(request.param))


def assert_equal(one: Any, other: Any) -> None:
    """The same values in the same places; numbers but for the last digit."""
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        one, other = list(one.values()), list(other.values())
    if isinstance(one, list):
        assert len(one) == len(other)
        for left, right in zip(one, other, strict=True):
            assert_equal(left, right)
    elif isinstance(one, float):
        assert one == pytest.approx(other, abs=ROUNDED, rel=ROUNDED)
    else:
        assert one == other


def alone(trained: TrainedRun, inputs: list[Any], everything: bool = False) -> list[Any]:
    """The records of one list of inputs, as `rnnbuild predict` has them."""
    return trained.records(inputs, trained.row_codec.encode_texts(inputs), everything)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(inputs=askers, everything=st.booleans())
def test_each_asker_gets_what_it_would_get_alone(
    trained: TrainedRun, inputs: list[list[str]], everything: bool
) -> None:
    some = [question_of(trained, one, everything and at % 2 == 1) for at, one in enumerate(inputs)]
    together = answers_together(trained, some)
    for question, answer in zip(some, together, strict=True):
        assert_equal(answer, alone(trained, question.inputs, question.probabilities))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(inputs=st.lists(texts, min_size=1, max_size=12), tokens=st.integers(1, 40))
def test_parts_have_each_input_once_and_about_so_many_tokens(
    trained: TrainedRun, inputs: list[str], tokens: int
) -> None:
    question = question_of(trained, inputs)
    parts = list(parts_of(trained, question, tokens))
    assert sorted(int(place) for _, places in parts for place in places) == [*range(len(inputs))]
    for part, places in parts:
        assert part.inputs == [inputs[place] for place in places]
        assert part.tokens <= tokens or len(part.inputs) == 1
        whole = alone(trained, inputs)
        assert_equal(alone(trained, part.inputs), [whole[place] for place in places])


def test_who_asks_what_the_model_cannot_compute_fails_alone(classify_run: Path) -> None:
    sound = open_run(classify_run)
    fatal = int(sound.row_codec.encode_texts(["dull"]).values[0])

    def forward(inputs: Any) -> Any:
        outputs = np.array(sound.forward(inputs))
        outputs[(inputs == fatal).any(axis=1)] = np.nan
        return outputs

    breaking = replace(sound, forward=forward)
    asked = [["fine"], ["a dull plot", "fine"], ["the plot"]]
    questions = [question_of(breaking, inputs) for inputs in asked]
    first, second, third = answers_together(breaking, questions)
    assert isinstance(second, UnansweredError)
    assert isinstance(second.error, RunError)
    assert second.number == 0
    assert_equal(first, alone(sound, ["fine"]))
    assert not isinstance(third, UnansweredError)
    assert len(third) == 1


def test_a_question_of_no_inputs_has_no_answers(classify_run: Path) -> None:
    trained = open_run(classify_run)
    nothing, something = question_of(trained, []), question_of(trained, ["fine"])
    answers = answers_together(trained, [nothing, something])
    assert isinstance(nothing, Question)
    assert answers[0] == []
    assert len(answers[1]) == 1  # type: ignore[arg-type]


@pytest.mark.parametrize("place", range(5))
def test_the_input_at_fault_is_named_by_its_place(classify_run: Path, place: int) -> None:
    trained = open_run(classify_run)
    inputs = ["fine"] * 5
    inputs[place] = "half of a pair: \ud800"
    sound, faulty = question_of(trained, ["dull"]), question_of(trained, inputs)
    answers = answers_together(trained, [sound, faulty])
    assert_equal(answers[0], alone(trained, ["dull"]))
    error = answers[1]
    assert isinstance(error, UnansweredError)
    assert error.number == place
    assert "surrogate" in str(error)


def test_an_input_of_too_many_tokens_is_not_answered(classify_run: Path) -> None:
    trained = open_run(classify_run)
    # Their sizes are estimated as 1, 3 and 4 tokens; the last has four.
    question = question_of(trained, ["fine", "fine, fine film", "fine fine fine fine"])
    (answers,) = answers_together(trained, [question], most_tokens=4)
    assert answers == alone(trained, question.inputs)
    (error,) = answers_together(trained, [question], most_tokens=3)
    assert isinstance(error, UnansweredError)
    assert (error.number, isinstance(error.error, DataError)) == (1, True)
    assert "4 tokens" in str(error)


def test_several_series_are_answered_together_as_each_alone(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    trained = open_run(trained_run(tmp_path_factory.mktemp("series"), series_config))
    every = [[20 + 5 * (day % 7) + day * slope for day in range(40)] for slope in (0.1, 0.2, 0.4)]
    short = question_of(trained, [every[0], [1.0, 2.0]])
    questions = [question_of(trained, every[:1]), short, question_of(trained, every[1:])]
    first, second, third = answers_together(trained, questions)
    assert not isinstance(first, UnansweredError)
    assert not isinstance(third, UnansweredError)
    alone = [trained.continuation(trained.series(series)) for series in every]
    assert_equal([*first, *third], alone)
    assert isinstance(second, UnansweredError)
    assert second.number == 1
    assert "too few" in str(second)


@pytest.mark.parametrize("apart", [False, True])
def test_series_are_continued_together_each_from_its_own_end(apart: bool, tmp_path: Path) -> None:
    def make(folder: Path) -> Path:
        days = [datetime.date(2020, 1, 1) + datetime.timedelta(day) for day in range(60)]
        rows = [f"{day},{20 + 5 * (n % 7)},{n + n % 7}" for n, day in enumerate(days)]
        (folder / "two.csv").write_text("\n".join(["day,a,b", *rows]))
        keys = {"window": 7, "horizon": 2, "channel_independent": apart}
        return config_file(folder, "two", {"train": "two.csv", **keys}, epochs=1, embeds=False)

    trained = open_run(trained_run(tmp_path, make))
    whole = {
        "day": [f"2021-03-{day:02}" for day in range(1, 31)],
        "a": [20.0 + day % 7 for day in range(30)],
        "b": [float(day) for day in range(30)],
    }
    short = {name: values[:12] for name, values in whole.items()}
    asked = [question_of(trained, [whole, short]), question_of(trained, [short])]
    answers = answers_together(trained, asked)
    expected = [trained.predict([series])[0] for series in (whole, short)]
    assert len(answers[0]) == 2  # type: ignore[arg-type]
    for answer, forecast in zip([*answers[0], *answers[1]], [*expected, expected[1]], strict=True):  # type: ignore[misc]
        for step, row in enumerate(answer):
            assert [row["a"], row["b"]] == pytest.approx(
                [forecast.prediction["a"][step], forecast.prediction["b"][step]], rel=1e-5
            )


def test_a_fault_of_ours_is_the_result_of_who_asked_and_of_nobody_else(classify_run: Path) -> None:
    sound = open_run(classify_run)
    fatal = int(sound.row_codec.encode_texts(["dull"]).values[0])

    def forward(inputs: Any) -> Any:
        if (inputs == fatal).any():
            raise ZeroDivisionError
        return sound.forward(inputs)

    breaking = replace(sound, forward=forward)
    questions = [question_of(breaking, [text]) for text in ("fine", "a dull plot", "the plot")]
    first, second, third = answers_together(breaking, questions)
    assert isinstance(second, ZeroDivisionError)
    for answers, text in ((first, "fine"), (third, "the plot")):
        assert_equal(answers, alone(sound, [text]))
