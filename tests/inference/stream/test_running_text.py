"""Running text is answered token by token as Keras answers to the whole text so far."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnbuild
from rnnbuild.config.load import load_config
from rnnbuild.inference.decoding.answers import NextTokenAnswer, StepAnswer
from rnnbuild.inference.stream.stream import Stream
from tests.cli.command import rnnbuild as command
from tests.inference.stream.prepared import WITHIN, prepared_stream
from tests.small_runs import language_config

LINES = ["The plot was\n", "\n", "  very dull. Ü\r\n", "So\n"]
Made = tuple[Stream, Any, Callable[[Any], Any]]


def made(folder: Path, **keys: Any) -> Made:
    return prepared_stream(load_config(language_config(folder, **keys)), folder, folder)


@pytest.mark.parametrize("level", ["character", "word", "byte"])
def test_every_token_is_answered_with_the_likeliest_next_one_and_what_it_cost_itself(
    level: str, tmp_path: Path
) -> None:
    stream, codec, in_keras = made(tmp_path, level=level)
    records, state = [], stream.initial
    for line in LINES:
        new, state = stream.after(line, state)
        records += new
    tokens = list(codec.tokens("".join(LINES)))
    assert [record["token"] for record in records] == tokens
    ids = codec.ids(tokens)
    (whole,) = in_keras(ids[None])
    costs = -np.log(whole[np.arange(len(ids) - 1), ids[1:] - 1])
    assert records[0]["nats"] is None
    np.testing.assert_allclose([r["nats"] for r in records[1:]], costs, rtol=0, atol=1e-5)
    chosen = [record["probability"] for record in records]
    np.testing.assert_allclose(chosen, whole.max(axis=-1), rtol=0, atol=2 * WITHIN)
    names = ["\N{REPLACEMENT CHARACTER}", *codec.vocabulary.words]
    # Both sum in another order: the one chosen is as likely as the likeliest, but for that.
    places = [names.index(record["prediction"]) for record in records]
    likely = whole[np.arange(len(places)), places]
    np.testing.assert_allclose(likely, whole.max(axis=-1), rtol=0, atol=2 * WITHIN)


def test_a_blank_line_is_text_and_ends_nothing(tmp_path: Path) -> None:
    stream, _, _ = made(tmp_path)
    records, state = stream.after("\n", stream.initial)
    assert [record["token"] for record in records] == ["\n"]
    assert state.steps == 1
    assert stream.after("", state) == ([], state)


def test_a_line_end_that_the_model_does_not_know_is_no_token(tmp_path: Path) -> None:
    config = language_config(tmp_path)
    (tmp_path / "reviews.txt").write_text("one line without an end, " * 60)
    stream, _, _ = prepared_stream(load_config(config), tmp_path, tmp_path)
    records, state = stream.after("one\n", stream.initial)
    assert [record["token"] for record in records] == ["o", "n", "e"]
    assert stream.after("\n", state)[0] == []
    given, _ = stream.after(["\n"], state)
    assert [record["token"] for record in given] == ["\n"]


def test_a_saved_state_goes_on_in_the_middle_of_a_line(language_run: Path, tmp_path: Path) -> None:
    text = "The plot was\n\nfine"
    whole = command("stream", language_run, "--format", "json", given=text)
    options = ("stream", language_run, "--format", "json", "--state", tmp_path / "state.json")
    parts = [command(*options, given=part) for part in ("The pl", "", "ot was\n\nf", "ine")]
    assert whole.code == 0
    assert "".join(part.out for part in parts) == whole.out
    saved = json.loads((tmp_path / "state.json").read_text())
    assert saved["steps"] == len(text)
    # The probabilities after the last token, which say what the next one costs.
    assert sum(saved["recent"][0]) == pytest.approx(1, abs=1e-5)


def test_lines_of_answers_have_no_line_end_inside_and_nothing_for_the_first_cost(
    language_run: Path,
) -> None:
    lines = command("stream", language_run, given="T\n").lines
    cells = [line.split("\t") for line in lines]
    assert [len(row) for row in cells] == [4, 4]
    assert [row[0] for row in cells] == ["T", r"\n"]
    assert cells[0][3] == "" and float(cells[1][3]) > 0


def test_from_python_answers_are_typed(language_run: Path) -> None:
    stream = rnnbuild.open_stream(language_run)
    first, second = stream.answers("Th")
    assert isinstance(first, StepAnswer) and isinstance(first.answer, NextTokenAnswer)
    assert first.answer.nats is None
    assert isinstance(second.answer, NextTokenAnswer) and second.answer.nats is not None
    (whole,) = rnnbuild.open_run(language_run).predict(["Th"])
    assert isinstance(whole, NextTokenAnswer)
    assert second.answer.nats == pytest.approx(whole.nats, abs=1e-5)
    assert second.prediction == whole.prediction
