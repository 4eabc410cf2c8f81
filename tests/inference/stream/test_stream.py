"""Each answer of a stream is that of the whole-sequence model to all steps so far."""

from pathlib import Path

import numpy as np
import pytest

import rnnbuild
from rnnbuild.data.kind.codec import RowCodec
from rnnbuild.inference.decoding.choices import choices_of
from rnnbuild.inference.decoding.labelled_text import chosen_labels
from rnnbuild.inference.decoding.table import decoder_of
from rnnbuild.inference.stream.labelled_text import likeliest
from tests.inference.stream.prepared import WITHIN, one_way, outputs_after_each, prepared_stream

SIZES = {"data__size": 100, "units": 16}
LINES = ["play something by", "abba", "and then cancel", "my alarm , Zorkmid's please"]
"""Words, unknown ones among them, on lines of one and of several."""


@pytest.mark.parametrize("cell", ["simple_rnn", "gru", "lstm"])
@pytest.mark.parametrize("depth", [1, 2])
def test_after_each_word_the_outputs_are_those_for_all_words_so_far(
    cell: str, depth: int, tmp_path: Path
) -> None:
    config = one_way("intents", cell=cell, depth=depth, **SIZES)
    stream, codec, in_keras = prepared_stream(config, tmp_path)
    assert isinstance(codec, RowCodec)
    ids = codec.encode_texts([" ".join(LINES)]).values
    got = outputs_after_each(stream, LINES)
    assert len(got) == len(ids) == 12
    for words, outputs in enumerate(got, 1):
        np.testing.assert_allclose(outputs, in_keras(ids[None, :words]), rtol=0, atol=WITHIN)


def test_an_answer_has_the_token_and_what_predict_answers_to_the_text_so_far(
    tmp_path: Path,
) -> None:
    stream, codec, in_keras = prepared_stream(one_way("intents", **SIZES), tmp_path)
    assert isinstance(codec, RowCodec)
    answers, state = [], stream.initial
    for line in LINES:
        more, state = stream.after(line, state)
        answers += more
    assert state.steps == len(answers) == 12
    assert [answer["token"] for answer in answers][-3:] == [",", "zorkmid's", "please"]
    for words, answer in enumerate(answers, 1):
        given = [one["token"] for one in answers[:words]]
        encoded = codec.encode_texts([given])
        (whole,) = decoder_of(codec).predictions([given], encoded, in_keras(encoded.values[None]))
        assert answer["prediction"] == whole["prediction"]
        assert answer["probability"] == pytest.approx(whole["probability"], abs=2 * WITHIN)


def test_a_tagger_answers_each_word_with_its_tag(tmp_path: Path) -> None:
    stream, codec, in_keras = prepared_stream(one_way("amazon", **SIZES), tmp_path)
    words = ["the", "amazon", "has", "Many", "fish", "and", "the", "amazon", "sells", "books"]
    assert isinstance(codec, RowCodec)
    ids = codec.encode_texts([" ".join(words)]).values
    for place, outputs in enumerate(outputs_after_each(stream, [" ".join(words)])):
        whole = in_keras(ids[None, : place + 1])[:, -1]
        np.testing.assert_allclose(outputs, whole, rtol=0, atol=WITHIN)
    answers, _ = stream.after(" ".join(words), stream.initial)
    assert [answer["token"] for answer in answers] == words


def test_characters_are_read_one_by_one_spaces_too(tmp_path: Path) -> None:
    stream, codec, in_keras = prepared_stream(one_way("languages", units=8), tmp_path)
    assert isinstance(codec, RowCodec)
    ids = codec.encode_texts(["San Marino"]).values
    got = outputs_after_each(stream, ["San ", "Marino"])
    assert len(got) == 10
    np.testing.assert_allclose(got[-1], in_keras(ids[None]), rtol=0, atol=WITHIN)


def test_numbers_are_a_step_a_line(tmp_path: Path) -> None:
    config = rnnbuild.load("adding", {"data.size": 100, "units": 16})
    stream, _, in_keras = prepared_stream(config, tmp_path)
    steps = np.random.default_rng(3).random((9, 2)).astype(np.float32)
    forms = ("{} {}", "{}, {}", "[{}, {}]")
    lines = [forms[number % 3].format(*map(float, step)) for number, step in enumerate(steps)]
    for count, outputs in enumerate(outputs_after_each(stream, lines), 1):
        whole = in_keras(steps[None, :count])
        np.testing.assert_allclose(outputs, whole, rtol=0, atol=WITHIN)
    answers, _ = stream.after(lines[0], stream.initial)
    (number,) = in_keras(steps[None, :1])[0].tolist()
    assert answers[0]["step"] == 1
    assert answers[0]["prediction"] == [pytest.approx(number, abs=2 * WITHIN)]


def test_a_blank_line_begins_a_new_sequence(tmp_path: Path) -> None:
    stream, _, _ = prepared_stream(one_way("intents", **SIZES), tmp_path)
    first, state = stream.after("play abba", stream.initial)
    going_on, _ = stream.after("play abba", state)
    assert going_on != first
    nothing, state = stream.after(" \n", state)
    assert nothing == []
    assert stream.after("play abba", state)[0] == first


def test_the_label_is_the_one_that_predict_chooses() -> None:
    draw = np.random.default_rng(1)
    rows = [draw.dirichlet(np.ones(7), 200), draw.random((200, 1)), np.array([[0.5]])]
    for outputs in rows:
        outputs = outputs.astype(np.float32)
        labels = tuple("abcdefg")
        expected = chosen_labels(choices_of(outputs, np.full(len(outputs), -1)), labels)
        for row, record in zip(outputs, expected, strict=True):
            label, probability = likeliest(row)
            assert labels[label] == record["prediction"]
            assert probability == pytest.approx(record["probability"], abs=1e-12)


def test_equal_probabilities_choose_the_first_label() -> None:
    assert likeliest(np.array([0.25, 0.25, 0.25, 0.25], np.float32)) == (0, 0.25)
