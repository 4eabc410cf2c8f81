"""A run's answers in Python: those of Keras for every task, and of the command line."""

import datetime
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnbuild
from rnnbuild.data.examples.batches import make_batch
from rnnbuild.errors import ArgumentError, DataError, RunError
from rnnbuild.inference.decoding.answers import ForecastAnswer, LabelAnswer, LabelsAnswer
from rnnbuild.inference.trained_run import TrainedRun
from rnnbuild.models.framework import keras
from tests.cli.command import rnnbuild as command
from tests.small_runs import labels_config, numbers_config, series_config, trained_run

TEXTS = ["so very fine a plot", "", "dull", "the actor was so very dull, and so new"]
ROUNDING = 3e-6
"""Six digits, and some fifty roundings of 2^-24 in sums whose order differs."""


@pytest.fixture(scope="module")
def labels_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained_run(tmp_path_factory.mktemp("labels"), labels_config)


@pytest.fixture(scope="module")
def series_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained_run(tmp_path_factory.mktemp("series"), series_config)


@pytest.fixture(scope="module")
def numbers_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained_run(tmp_path_factory.mktemp("numbers"), numbers_config)


def by_keras(path: Path, opened: TrainedRun, inputs: list[Any]) -> list[np.ndarray]:
    """The outputs of plain Keras for each input alone."""
    model = keras.saving.load_model(path / "model.keras")
    encoded = opened.row_codec.encode_texts(inputs)
    batches = [make_batch(encoded, np.array([row])).inputs for row in range(len(inputs))]
    return [np.asarray(model(batch))[0] for batch in batches]


def close(probabilities: Any, expected: Any) -> bool:
    return bool(np.allclose(list(probabilities.values()), expected, atol=ROUNDING, rtol=0))


def test_a_label_comes_with_the_probability_that_keras_computes(classify_run: Path) -> None:
    run = rnnbuild.open_run(classify_run)
    answers = run.predict(TEXTS, probabilities=True)
    assert run.task == "classify"
    for answer, (second,) in zip(answers, by_keras(classify_run, run, TEXTS), strict=True):
        assert isinstance(answer, LabelAnswer)
        assert answer.probabilities is not None
        assert list(answer.probabilities) == ["bad", "good"]
        assert close(answer.probabilities, [1 - second, second])
        assert answer.prediction == max(answer.probabilities, key=answer.probabilities.__getitem__)
        assert answer.probability == answer.probabilities[answer.prediction]
    assert [a.prediction for a in run.predict(TEXTS)] == [a.prediction for a in answers]
    assert run.predict(TEXTS)[0].probabilities is None  # type: ignore[union-attr]


def test_outputs_that_are_not_finite_are_no_answer(classify_run: Path) -> None:
    run = rnnbuild.open_run(classify_run)
    broken = TrainedRun(run.codec, lambda inputs: run.forward(inputs) * np.nan)
    for keys in ({}, {"probabilities": True}):
        with pytest.raises(RunError, match="the model gives numbers that are not finite"):
            broken.predict(["fine"], **keys)


def test_several_labels_come_with_the_probability_of_each(labels_run: Path) -> None:
    run = rnnbuild.open_run(labels_run)
    answers = run.predict(TEXTS)
    for answer, expected in zip(answers, by_keras(labels_run, run, TEXTS), strict=True):
        assert isinstance(answer, LabelsAnswer)
        assert close(answer.probabilities, expected)
        over = {name for name, share in answer.probabilities.items() if share > 0.5}
        assert set(answer.prediction) == over
    assert run.predict(TEXTS, probabilities=True) == answers


def test_each_token_has_a_tag_and_the_probability_of_every_tag(tag_run: Path) -> None:
    run = rnnbuild.open_run(tag_run)
    inputs = [["the", "new york", "plot"], "oslo was so", []]
    answers: list[Any] = run.predict(inputs, probabilities=True)
    # A token in a list stays as it is given, with the space in it.
    assert [token.token for token in answers[0].tokens] == ["the", "new york", "plot"]
    assert [token.token for token in answers[1].tokens] == ["oslo", "was", "so"]
    assert answers[2].tokens == ()
    for answer, expected in zip(answers[:2], by_keras(tag_run, run, inputs), strict=False):
        for token, probabilities in zip(answer.tokens, expected, strict=True):
            assert close(token.probabilities, probabilities)
            assert token.prediction == list(token.probabilities)[int(probabilities.argmax())]
        assert answer.prediction == tuple(token.prediction for token in answer.tokens)


def test_a_translation_comes_with_every_probability_up_to_its_end(translate_run: Path) -> None:
    run = rnnbuild.open_run(translate_run)
    inputs = ["red", "very blue not green", ["not", "blue"]]
    answers: list[Any] = run.predict(inputs, probabilities=True)
    for answer, steps in zip(answers, by_keras(translate_run, run, inputs), strict=True):
        written = answer.prediction.split()
        read = steps[: len(answer.probabilities)]
        pairs = list(zip(answer.probabilities, read, strict=True))
        assert all(close(step, row) for step, row in pairs)
        best = [list(step)[int(row.argmax())] for step, row in pairs]
        # The empty text is the end, unless the decoder's steps end before it.
        assert best in ([*written, ""], [*written, best[-1]][: len(steps)])
        chances = [max(step.values()) for step in answer.probabilities]
        assert answer.probability == pytest.approx(np.prod(chances), abs=1e-5)


def test_a_run_is_short_on_the_screen(classify_run: Path) -> None:
    assert repr(rnnbuild.open_run(classify_run)) == "<TrainedRun: classify>"


def test_a_text_and_its_tokens_have_the_same_answer(
    classify_run: Path, translate_run: Path
) -> None:
    run = rnnbuild.open_run(classify_run)
    tokens = [text.replace(",", " ,").split() for text in TEXTS]
    assert run.predict(tokens) == run.predict(TEXTS)
    assert run.predict([TEXTS[0], tokens[2]]) == run.predict([TEXTS[0], TEXTS[2]])
    # As one token it is a word that training does not have.
    assert run.predict([["so very fine a plot"]]) == run.predict([["unheard"]])
    translator = rnnbuild.open_run(translate_run)
    assert translator.predict([["not", "blue"]]) == translator.predict(["not blue"])


def test_a_series_is_continued_from_a_file_from_columns_and_from_its_own_end(
    series_run: Path, tmp_path: Path
) -> None:
    run = rnnbuild.open_run(series_run)
    (own,) = run.predict()
    assert isinstance(own, ForecastAnswer)
    assert own.at == ("2020-03-31", "2020-04-01")
    file = series_run.parent / "sales.csv"
    lines = [line.split(",") for line in file.read_text().splitlines()[1:]]
    dates = [datetime.date.fromisoformat(date) for date, _ in lines]
    sales = [float(number) for _, number in lines]
    table = {"day": dates, "sales": np.array(sales)}
    texts = {"day": [str(date) for date in dates], "sales": sales}
    stamps = {"day": np.array(dates, "datetime64[ns]"), "sales": np.array(sales, np.float64)}
    assert run.predict([file, str(file), table, texts, stamps]) == [own] * 5
    # Without dates steps have numbers; the transforms need none.
    (bare,) = run.predict([sales])
    assert bare.prediction == own.prediction
    assert bare.at == ("91", "92")  # type: ignore[union-attr]


def test_sequences_of_numbers_are_answered_with_numbers(numbers_run: Path) -> None:
    run = rnnbuild.open_run(numbers_run)
    inputs = [[[0.5, 0], [0.25, 1]] * 5, [[0.1, 1], [0.2, 0]] * 5]
    answers: list[Any] = run.predict(np.array(inputs))
    expected = by_keras(numbers_run, run, inputs)
    for answer, numbers in zip(answers, expected, strict=True):
        assert answer.prediction == pytest.approx(numbers, abs=ROUNDING)
    assert run.predict(map(json.dumps, inputs)) == run.predict(inputs) == answers


def test_python_and_the_command_line_answer_alike(classify_run: Path, tag_run: Path) -> None:
    rows = command("predict", classify_run, *TEXTS, "--format", "json").json
    expected = [(row["prediction"], row["probability"]) for row in rows]
    answers: list[Any] = rnnbuild.open_run(classify_run).predict(TEXTS)
    assert [(answer.prediction, answer.probability) for answer in answers] == expected
    rows = command("predict", tag_run, "oslo was so", "--format", "json").json
    (answer,) = rnnbuild.open_run(tag_run).predict(["oslo was so"])
    assert [token["prediction"] for token in rows[0]["tokens"]] == list(answer.prediction)


def test_no_input_has_no_answer(classify_run: Path, tag_run: Path) -> None:
    assert rnnbuild.open_run(classify_run).predict([]) == []
    assert rnnbuild.open_run(tag_run).predict([], probabilities=True) == []


def test_threads_that_share_a_run_get_the_answers_that_one_gets(
    classify_run: Path, tag_run: Path
) -> None:
    draw = np.random.default_rng(5)
    words = ["so", "very", "fine", "dull", "oslo", "plot", "unheard", "new york"]
    inputs = [
        [draw.choice(words, size=draw.integers(1, 30)).tolist() for _ in range(40)]
        for _ in range(24)
    ]
    for path in (classify_run, tag_run):
        run = rnnbuild.open_run(path)
        expected = [run.predict(texts) for texts in inputs]
        fresh = rnnbuild.open_run(path)
        with ThreadPoolExecutor(8) as threads:
            assert list(threads.map(fresh.predict, inputs)) == expected


WRONG: dict[str, tuple[Any, type[Exception], str]] = {
    "a text alone": ("a text", ArgumentError, "list of inputs, not a single str"),
    "a path alone": (Path("a.csv"), ArgumentError, "list of inputs, not a single PosixPath"),
    "nothing": (None, ArgumentError, "no input to predict for"),
    "a number": (["fine", 7], DataError, "input 2 is 7, neither a text nor a list of words"),
    "numbers": ([["fine", 7]], DataError, "input 1 is .'fine', 7., neither a text"),
    "one number": (7, ArgumentError, "list of inputs, not a single int"),
    "bytes": ([b"fine"], DataError, "input 1 is b'fine', neither a text"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_list_of_texts_is_refused(name: str, classify_run: Path, tag_run: Path) -> None:
    inputs, kind, message = WRONG[name]
    for path in (classify_run, tag_run):
        with pytest.raises(kind, match=message):
            rnnbuild.open_run(path).predict(inputs)


WRONG_SERIES: dict[str, tuple[Any, str]] = {
    "lengths": ({"day": ["2020-01-01"], "sales": [1.0, 2.0]}, "`day` 1, `sales` 2"),
    "no list": ({"sales": "12"}, "`sales` of the series is '12', not a list"),
    "no values": ({"sales": []}, "has no values"),
    "a word": ([[1.0, 2.0, "many"] * 20], "the series:3:1: `many` in `sales` is not a number"),
    "short": ([[1.0, 2.0]], "2 steps are too few"),
    "no file": (["missing.csv"], "missing.csv"),
    "another column": ([{"price": [1.0]}], "sales"),
}


@pytest.mark.parametrize("name", WRONG_SERIES)
def test_what_is_no_such_series_is_refused(name: str, series_run: Path) -> None:
    given, message = WRONG_SERIES[name]
    inputs = given if isinstance(given, list) else [given]
    with pytest.raises(DataError, match=message):
        rnnbuild.open_run(series_run).predict(inputs)


@pytest.mark.parametrize("fixture", ["series_run", "numbers_run"])
def test_forecasts_have_no_probabilities(fixture: str, request: pytest.FixtureRequest) -> None:
    run = rnnbuild.open_run(request.getfixturevalue(fixture))
    inputs: Any = None if fixture == "series_run" else [[[0.5, 0], [0.25, 1]] * 5]
    with pytest.raises(ArgumentError, match="a forecast has no probabilities"):
        run.predict(inputs, probabilities=True)


def test_a_table_is_no_list_of_texts(classify_run: Path) -> None:
    class Table:
        """As a data frame, which gives the names of its columns one by one."""

        columns = ("text",)

        def __iter__(self) -> Iterator[str]:
            return iter(self.columns)

    with pytest.raises(ArgumentError, match=r"not a table \(Table\)"):
        rnnbuild.open_run(classify_run).predict(Table())


def test_half_a_surrogate_pair_is_refused(classify_run: Path, translate_run: Path) -> None:
    for path in (classify_run, translate_run):
        run = rnnbuild.open_run(path)
        with pytest.raises(DataError, match="input 2 has half of a surrogate pair"):
            run.predict(["red", "so \ud83d fine"])
        # It is an unknown word among words, and nothing is left of the fault.
        assert run.predict([["\ud83d"]]) == run.predict([["unheard"]])
        assert run.predict(["red"])


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="there is no run"):
        rnnbuild.open_run(tmp_path / "missing")
