"""Running text into ids and back, saved and read again."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbuild.data.codecs import codec_from_json
from rnnbuild.data.examples.encoded import UNSEEN
from rnnbuild.data.running_text.codec import RunningTextCodec
from rnnbuild.data.running_text.tokens import BYTES, RunningTokens
from rnnbuild.data.text.tokeniser import Level
from rnnbuild.data.text.vocabulary import Vocabulary
from rnnbuild.errors import DataError

WORDS: dict[Level, tuple[str, ...]] = {
    "character": (*"ab é\n",),
    "word": ("the", "Plot", ".", "\n", "it's"),
    "byte": BYTES,
}
LEVELS = tuple(WORDS)
SIGN = "\N{REPLACEMENT CHARACTER}"


def codec_of(level: Level, lowercase: bool = False) -> RunningTextCodec:
    return RunningTextCodec(RunningTokens(level, lowercase), Vocabulary(WORDS[level]), 64)


@pytest.mark.parametrize("level", LEVELS)
def test_ids_are_those_of_the_vocabulary_and_one_is_any_other_token(level: Level) -> None:
    codec = codec_of(level)
    assert codec.ids(WORDS[level]).tolist() == list(range(2, 2 + len(WORDS[level])))
    assert codec.ids(["zz", ""]).tolist() == [1, 1]
    assert codec.names([0, 1, 2]) == [SIGN, SIGN, WORDS[level][0]]
    assert codec.units == len(WORDS[level]) + 1
    assert codec.model_sizes.ids == codec.units + 1


@given(text=st.text(st.sampled_from("ab é\n")))
def test_known_characters_come_back_exactly(text: str) -> None:
    codec = codec_of("character")
    assert codec.text_of(codec.ids(codec.tokens(text))) == text


@given(text=st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\r")))
def test_bytes_come_back_exactly_whatever_the_text(text: str) -> None:
    codec = codec_of("byte")
    ids = codec.ids(codec.tokens(text))
    assert codec.text_of(ids) == text
    assert ids.min(initial=2) >= 2


@given(tokens=st.lists(st.sampled_from(WORDS["word"])))
def test_known_words_come_back_as_the_same_tokens(tokens: list[str]) -> None:
    codec = codec_of("word")
    text = codec.text_of(codec.ids(tokens))
    # Words of one letter case beside one another are apart, full stops too.
    assert list(codec.tokens(text)) == tokens


def test_an_unknown_token_is_a_sign_in_the_text() -> None:
    assert codec_of("character").text_of([2, 1, 3]) == f"a{SIGN}b"
    assert codec_of("word").text_of([2, 1, 4]) == f"the {SIGN}."


@pytest.mark.parametrize("level", LEVELS)
def test_each_text_is_a_row_whose_targets_are_its_own_next_tokens(level: Level) -> None:
    codec = codec_of(level)
    texts = ["a b", "", "the Plot.", ["a", "zz", "b"]]
    encoded = codec.encode_texts(texts)
    assert len(encoded) == 4 and encoded.per_step
    for row, text in enumerate(texts):
        ids = codec.ids(codec.tokens(text)).tolist() or [codec.vocabulary.ids["\n"]]
        part = slice(encoded.offsets[row], encoded.offsets[row + 1])
        assert encoded.values[part].tolist() == ids
        assert encoded.targets[part].tolist() == [*(one - 1 for one in ids[1:]), UNSEEN]
    assert len(codec.encode_texts([])) == 0


def test_an_empty_text_begins_with_the_most_common_token_where_no_line_end_is_known() -> None:
    codec = RunningTextCodec(RunningTokens("word"), Vocabulary(("the", "Plot")), 8)
    assert codec.encode_texts([""]).values.tolist() == [2]


@pytest.mark.parametrize("wrong", [5, None, ["a", 1], {"a": 1}, b"a"])
def test_what_is_no_text_is_refused_by_its_number(wrong: Any) -> None:
    with pytest.raises(DataError, match=r"input 2 is .* neither a text nor a list of words"):
        codec_of("character").encode_texts(["a", wrong])


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("lowercase", [False, True])
def test_a_codec_comes_back_from_its_json(level: Level, lowercase: bool) -> None:
    codec = codec_of(level, lowercase)
    text = codec.to_json()
    text.encode()  # raises for what no file can contain
    back = codec_from_json(text)
    assert back == codec
    assert isinstance(back, RunningTextCodec) and back.to_json() == text


STRANGE = (None, "x", -1, 0, 1.5, True, [], {}, ["a", "a"], [""], [1], "words", 10**30)


@pytest.mark.parametrize("key", json.loads(codec_of("word").to_json()))
def test_a_damaged_value_or_a_missing_one_is_one_error_that_names_it(key: str) -> None:
    saved = json.loads(codec_of("word").to_json())
    damaged = [{**saved, key: strange} for strange in STRANGE]
    damaged.append({name: value for name, value in saved.items() if name != key})
    refused = 0
    for document in damaged:
        try:
            codec_from_json(json.dumps(document))
        except DataError as error:
            assert key in str(error)
            refused += 1
    # One of the strange values may be a value of the key: a level, a list, a number.
    assert refused >= len(damaged) - 2


def test_a_key_that_is_none_of_a_codec_is_refused() -> None:
    saved = json.loads(codec_of("word").to_json())
    with pytest.raises(DataError, match="colour"):
        codec_from_json(json.dumps({**saved, "colour": "red"}))


def test_bytes_are_all_256_in_order() -> None:
    saved = json.loads(codec_of("byte").to_json())
    for words in (saved["words"][::-1], saved["words"][:-1], [*saved["words"][:-1], "\u0100"]):
        with pytest.raises(DataError, match="all 256 bytes, in order"):
            codec_from_json(json.dumps({**saved, "words": words}))


@pytest.mark.parametrize("words", [[], ["a"]])
def test_a_saved_vocabulary_that_leaves_nothing_to_choose_is_refused(words: list[str]) -> None:
    saved = json.loads(codec_of("word").to_json())
    with pytest.raises(DataError, match="`words`: expected 2 or more, found"):
        codec_from_json(json.dumps({**saved, "words": words}))


def test_characters_of_ids_are_those_that_they_add_to_a_text() -> None:
    assert codec_of("character").characters.tolist() == [0, *[1] * 6]
    # Each word with the blank after it.
    assert codec_of("word").characters.tolist() == [0, 1, 4, 5, 1, 0, 5]
    assert np.bincount(codec_of("byte").characters).tolist() == [65, 193]
