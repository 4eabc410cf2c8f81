"""New texts get the ids that the same texts have in training, however they are read."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbuild.data.labelled_text.codec import LabelledTextCodec
from rnnbuild.data.text.tokeniser import Tokeniser
from rnnbuild.data.text.vocabulary import Vocabulary

WORDS = ("it's", "the", "...", "st.", "ÉTÉ", "été", "a", "b", "-")
TEXTS = st.lists(
    st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=4)), max_size=8).map(" ".join),
    min_size=1,
    max_size=6,
)
GIVEN = Tokeniser(pretokenised=True)
TOKENISERS = st.one_of(
    st.builds(Tokeniser, st.sampled_from(("word", "character")), st.booleans()),
    st.builds(Tokeniser, st.just("word"), st.booleans(), st.just(True)),
)


@given(
    texts=TEXTS,
    tokeniser=TOKENISERS,
    max_length=st.one_of(st.none(), st.integers(1, 5)),
    truncate=st.sampled_from(("end", "start")),
    task=st.sampled_from(("classify", "tag")),
)
def test_texts_together_are_encoded_as_their_tokens_one_by_one(
    texts, tokeniser, max_length, truncate, task
):
    codec = LabelledTextCodec(task, tokeniser, Vocabulary(WORDS), ("x", "y"), max_length, truncate)
    encoded = codec.encode_texts(texts)
    assert len(encoded) == len(texts)
    for row, text in enumerate(texts):
        if tokeniser.pretokenised:
            tokens = tuple(tokeniser.normal(word) for word in codec.words(text)) or ("",)
        else:
            tokens = tokeniser.tokens(text)
        tokens = codec.cut_to_max_length(tokens)
        expected = [WORDS.index(token) + 2 if token in WORDS else 1 for token in tokens]
        start = encoded.starts[row]
        assert encoded.values[start : start + encoded.lengths[row]].tolist() == expected
    steps = encoded.lengths.sum() if task == "tag" else len(texts)
    assert encoded.targets.tolist() == [-1] * steps


@given(st.lists(st.lists(st.text(max_size=4), max_size=5), min_size=1, max_size=5))
def test_given_words_stay_as_they_are_given(rows):
    codec = LabelledTextCodec("tag", GIVEN, Vocabulary(WORDS), ("x", "y"))
    encoded = codec.encode_texts(rows)
    assert encoded.lengths.tolist() == [max(1, len(row)) for row in rows]
    assert [list(codec.words(row)) for row in rows] == rows


def test_unknown_words_are_split_from_their_punctuation_on_request():
    codec = LabelledTextCodec("tag", GIVEN, Vocabulary(WORDS), ("x", "y"))
    split = codec.split_punctuation("The st. it's (b, 256,000 i.e.)")
    assert " ".join(split) == "The st. it's ( b , 256 , 000 i . e . )"


@pytest.mark.parametrize("level", ["word", "character"])
def test_an_empty_text_is_one_unknown_token(level):
    codec = LabelledTextCodec("classify", Tokeniser(level), Vocabulary(WORDS), ("x", "y"))
    encoded = codec.encode_texts(["", " \t"])
    np.testing.assert_array_equal(encoded.values, [1, 1])
