"""Pairs of texts as ids and back: both vocabularies, ends, reversal."""

import pytest

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.codecs import codec_from_json
from rnnbuild.data.examples.encoded import UNSEEN
from rnnbuild.data.pairs.codec import UNSEEN_SIGN, PairsCodec, pairs_codec_of
from rnnbuild.data.text.vocabulary import UNKNOWN
from rnnbuild.errors import DataError
from tests.data.pairs.rows import splits_of

TRAIN = {"the red cat": "le chat rouge", "the cat": "le chat", "a dog runs": "un chien"}
TEST = {"the blue cat": "le chat bleu", "dog": "un chien et un chat et un"}


def codec(train=TRAIN, test=TEST, level="word", **data) -> PairsCodec:
    return pairs_codec_of(splits_of(train, test, level), DataConfig.model_validate(data))


def sequences(encoded):
    return [
        encoded.values[start : start + length].tolist()
        for start, length in zip(encoded.starts, encoded.lengths, strict=True)
    ]


def test_both_vocabularies_come_from_the_training_split_alone():
    made = codec()
    assert "blue" not in made.vocabulary
    assert "bleu" not in made.target_ids
    assert made.target_size == len({"le", "chat", "rouge", "un", "chien"}) + 1
    assert made.longest_target == 3
    assert made.steps == 4


def test_targets_end_in_0_and_a_word_that_training_lacks_is_unseen():
    made = codec()
    ids = made.target_ids
    encoded = made.encode(splits_of(TRAIN, TEST).train)
    assert encoded.targets.tolist()[1] == [ids["le"], ids["chat"], 0, UNSEEN]
    test = made.encode(splits_of(TRAIN, TEST).test)
    # Longer than the decoder answers, and yet whole: it is to count as a miss.
    assert test.targets.shape == (2, 8)
    assert test.targets[0].tolist()[:4] == [ids["le"], ids["chat"], UNSEEN, 0]
    assert test.targets[1].tolist()[-1] == 0
    assert sequences(test)[0][1] == UNKNOWN


def test_reversed_input_is_the_cut_input_from_its_end():
    for truncate in ("end", "start"):
        forward = codec(max_length=2, truncate=truncate)
        backward = codec(max_length=2, truncate=truncate, reverse=True)
        for texts in (list(TRAIN), ["the", "runs the cat red"]):
            read = sequences(forward.encode_texts(texts))
            assert sequences(backward.encode_texts(texts)) == [row[::-1] for row in read]
            assert max(map(len, read)) == 2


def test_texts_are_read_as_the_rows_of_a_split_are():
    made = codec(reverse=True)
    split = splits_of(TRAIN, TEST).test
    assert sequences(made.encode_texts(split.texts)) == sequences(made.encode(split))
    assert (made.encode_texts(split.texts).targets == UNSEEN).all()


def test_ids_become_text_again():
    words, characters = codec(), codec(level="character")
    for made, text in ((words, "un chat rouge"), (characters, "ronge la")):
        tokens = made.tokeniser.tokens(text)
        assert made.text_of([made.target_ids[token] for token in tokens]) == text
    assert words.text_of([1, UNSEEN]) == f"{words.target_words[0]} {UNSEEN_SIGN}"


def test_a_codec_comes_back_from_its_json():
    for made in (codec(reverse=True, max_length=7), codec(level="character", truncate="start")):
        assert codec_from_json(made.to_json()) == made
    with pytest.raises(DataError, match="format"):
        codec_from_json(codec().to_json().replace('"format": 1', '"format": 9'))
    with pytest.raises(DataError, match="not a saved codec"):
        codec_from_json('{"kind": "translation", "format": 1}')
    # Room for all steps of a target is made before any is written.
    huge = codec().to_json().replace('"longest_target": 3', '"longest_target": 1000000000')
    with pytest.raises(DataError, match=r"longest_target.*at most 65,535, found 1000000000"):
        codec_from_json(huge)


def test_a_limit_on_the_vocabulary_applies_to_sources_and_to_targets():
    made = codec(vocabulary={"size": 2})
    assert made.vocabulary.words == ("cat", "the")
    assert made.target_words == ("chat", "le")
