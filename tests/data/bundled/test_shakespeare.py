"""The bundled Shakespeare text: the file that others publish scores of, cut where they cut it."""

import hashlib
from pathlib import Path

import pytest

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.bundled.shakespeare import SHAKESPEARE, shakespeare
from rnnbuild.data.load import load_data
from rnnbuild.errors import DataError
from tests.corpora import corpus

# input.txt of karpathy/char-rnn, data/tinyshakespeare.
PUBLISHED = "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed"


def whole_text() -> str:
    return "".join(text for rows in shakespeare().present for text in rows.texts)


def test_the_text_is_the_published_one_to_the_byte() -> None:
    assert hashlib.sha256(whole_text().encode()).hexdigest() == PUBLISHED


def test_the_corpus_as_it_was_downloaded_is_the_bundled_text() -> None:
    assert corpus("shakespeare/input.txt").read_text() == whole_text()


def test_nanogpts_nine_tenths_are_trained_on_and_the_rest_is_for_validation() -> None:
    text = whole_text()
    # nanoGPT, data/shakespeare_char/prepare.py: train_data = data[:int(n*0.9)]
    expected = (text[: int(len(text) * 0.9)], text[int(len(text) * 0.9) :])
    splits = shakespeare()
    assert splits.validation is not None and splits.test is not None
    assert (splits.train.texts, splits.validation.texts) == ([expected[0]], [expected[1]])
    assert not splits.test.texts
    assert SHAKESPEARE.card.rows == (*map(len, expected), 0)


def test_it_is_read_as_sixty_five_characters_without_a_test_split() -> None:
    loaded = load_data(DataConfig(dataset="shakespeare"), Path())
    assert loaded.facts.vocabulary_size == 2 + 65
    assert not loaded.notes
    assert len(loaded.train.values) == 1_003_854 - 1
    assert len(loaded.validation.values) == 111_540 - 1
    assert len(loaded.test) == 0


def test_a_split_of_ones_own_is_refused() -> None:
    data = DataConfig.model_validate({"dataset": "shakespeare", "split": {"test": 0.1}})
    with pytest.raises(DataError, match="`split` has no effect"):
        load_data(data, Path())
