"""A stream in Python gives the answers of `rnnbuild stream`, typed."""

import json
from pathlib import Path

import numpy as np
import pytest

import rnnbuild
from rnnbuild.errors import DataError, RunError
from rnnbuild.inference.decoding.answers import (
    ForecastAnswer,
    LabelAnswer,
    LabelsAnswer,
    NumbersAnswer,
    StepAnswer,
)
from rnnbuild.inference.stream.live import LiveStream
from tests.cli.command import rnnbuild as command
from tests.inference.stream.prepared import prepared_stream
from tests.inference.stream.test_series import two_columns
from tests.small_runs import labels_config

TEXT = "The plot was dull"


def test_a_text_is_answered_word_by_word(classify_run: Path) -> None:
    streamed = command("stream", classify_run, "--format", "json", given=TEXT)
    expected = [
        StepAnswer(record["token"], LabelAnswer(record["prediction"], record["probability"]))
        for record in map(json.loads, streamed.lines)
    ]
    stream = rnnbuild.open_stream(classify_run)
    assert stream.note is None
    assert stream.answers(TEXT) == expected
    assert expected[-1].prediction in ("good", "bad")
    stream.restart()
    given = stream.answers(["The", "plot"]) + stream.answers("was dull")
    assert [one.answer for one in given] == [one.answer for one in expected]
    assert [one.step for one in given] == ["The", "plot", "was", "dull"]


def test_a_state_can_be_gone_back_to(classify_run: Path) -> None:
    stream = rnnbuild.open_stream(classify_run)
    stream.answers("the plot was")
    before = stream.state
    first = stream.answers("dull")
    assert stream.answers("dull") != first
    stream.state = before
    assert stream.answers("dull") == first


def test_labels_have_every_probability(tmp_path: Path) -> None:
    stream, _, _ = prepared_stream(rnnbuild.load(labels_config(tmp_path)), tmp_path, tmp_path)
    (answer,) = LiveStream(stream).answers("fine")
    assert isinstance(answer.answer, LabelsAnswer)
    probabilities = answer.answer.probabilities
    assert set(probabilities) == {"good", "bad", "short"}
    over = {label for label, probability in probabilities.items() if probability > 0.5}
    assert set(answer.prediction) == over


def test_numbers_are_given_as_a_list_or_an_array(tmp_path: Path) -> None:
    config = rnnbuild.load("adding", {"data.size": 60, "units": 4})
    stream, _, _ = prepared_stream(config, tmp_path)
    live = LiveStream(stream)
    (first,) = live.answers([0.5, 1])
    assert first.step == 1
    assert isinstance(first.answer, NumbersAnswer)
    live.restart()
    assert live.answers(np.array([0.5, 1])) == [first]
    live.restart()
    assert live.answers("0.5 1") == [first]


def test_several_steps_are_given_as_a_list_of_lists_or_an_array(tmp_path: Path) -> None:
    stream, _, _ = two_columns(tmp_path, transform=["difference"])
    rows = [[20.0, 21.0], [20.5, 20.0], [22.0, 21.0], [21.0, 23.0]]
    one_by_one = LiveStream(stream)
    expected = [answer for row in rows for answer in one_by_one.answers(row)]
    assert [one.step for one in expected] == [1, 2, 3, 4]
    for given in (rows, np.array(rows), tuple(map(np.array, rows))):
        assert LiveStream(stream).answers(given) == expected


def test_numbers_of_one_column_are_a_step_each(tmp_path: Path) -> None:
    stream, _, _ = two_columns(tmp_path, columns=["heat"], targets=["heat"])
    one_by_one = LiveStream(stream)
    expected = [answer for value in (20, 21.5, 20) for answer in one_by_one.answers([value])]
    for given in ([20, 21.5, 20], [[20], [21.5], [20]], np.array([20, 21.5, 20])):
        assert LiveStream(stream).answers(given) == expected


def test_a_wrong_step_among_several_is_named_and_changes_nothing(tmp_path: Path) -> None:
    stream, _, _ = two_columns(tmp_path)
    live = LiveStream(stream)
    live.answers([1, 2])
    before = live.state
    for given in ([[1, 2], [3]], [[1, 2], 3], [[1, 2], [3, float("nan")]]):
        with pytest.raises(DataError) as refused:
            live.answers(given)
        (problem,) = refused.value.problems
        assert problem.place is not None
        assert problem.place.line == 2
        assert live.state is before


def test_a_series_is_forecast_once_it_is_long_enough(tmp_path: Path) -> None:
    stream, _, _ = two_columns(tmp_path, transform=["difference"], horizon=2)
    live = LiveStream(stream)
    assert live.answers([20, 21]) == [StepAnswer(1, None)]
    assert live.answers([20, 21])[0].step == 2
    (answer,) = live.answers([20, 22])
    assert isinstance(answer.answer, ForecastAnswer)
    assert answer.answer.at == ("4", "5")
    assert {name: len(ahead) for name, ahead in answer.prediction.items()} == {"load": 2, "heat": 2}


@pytest.mark.parametrize("given", [[1], [1, 2, 3], [1, "two"], 7, None, [1, None], [10**400, 1]])
def test_what_is_no_step_is_refused_and_changes_nothing(given: object, tmp_path: Path) -> None:
    stream, _, _ = two_columns(tmp_path)
    live = LiveStream(stream)
    live.answers([1, 2])
    before = live.state
    with pytest.raises(DataError, match=r"is not 2 numbers|has [13] numbers?"):
        live.answers(given)
    assert live.state is before


def test_a_text_that_is_none_is_refused(classify_run: Path) -> None:
    with pytest.raises(DataError, match="neither a text nor a list of words"):
        rnnbuild.open_stream(classify_run).answers(7)


def test_a_model_that_needs_the_end_is_a_run_error(translate_run: Path) -> None:
    with pytest.raises(RunError, match="needs the whole sequence"):
        rnnbuild.open_stream(translate_run)
