"""Outputs of a model as answers, within bounds of memory."""

import numpy as np
import pytest

from rnnbuild.data.pairs.codec import PairsCodec
from rnnbuild.data.text.tokeniser import Tokeniser
from rnnbuild.data.text.vocabulary import Vocabulary
from rnnbuild.inference.decoding.pairs import MOST_PROBABILITIES
from rnnbuild.inference.decoding.table import decoder_of


def codec(words: int, longest: int) -> PairsCodec:
    targets = tuple(f"w{number}" for number in range(1, words + 1))
    return PairsCodec(Tokeniser(), Vocabulary(("a",)), targets, longest)


@pytest.mark.parametrize("words", [1, 1000, 50_000, 20_000_000])
def test_the_probabilities_of_a_batch_stay_within_bounds_whatever_the_vocabulary(words):
    made = codec(1, 30)
    object.__setattr__(made, "target_words", range(words))
    rows = decoder_of(made).rows_at_once(256)
    assert 1 <= rows <= 256
    assert rows == 1 or rows * 31 * (words + 1) <= MOST_PROBABILITIES


def test_a_translation_ends_at_its_first_end_mark_or_where_the_longest_target_does():
    made = codec(3, 2)
    table = np.full((3, 3, 4), 0.1, np.float32)
    for row, ids in enumerate([[2, 0, 3], [1, 2, 3], [0, 1, 1]]):
        table[row, [0, 1, 2], ids] = [0.5, 0.6, 0.7]
    encoded = made.encode_texts(["a", "a b", "b"])
    decoder = decoder_of(made)
    choices = decoder.reduce(table, encoded.targets)
    answers = decoder.predictions(["a", "a b", "b"], encoded, choices)
    assert [answer["prediction"] for answer in answers] == ["w2", "w1 w2", ""]
    # Of all that was said up to the end, its mark included.
    expected = [0.5 * 0.6, 0.5 * 0.6 * 0.7, 0.5]
    assert [answer["probability"] for answer in answers] == pytest.approx(expected, rel=1e-5)
