"""Texts into ids: those of the tokeniser and the vocabulary, from however many threads."""

import sys
from concurrent.futures import ThreadPoolExecutor
from random import Random

import numpy as np

from rnnbuild.data.text.encoder import TextEncoder
from rnnbuild.data.text.tokeniser import Tokeniser
from rnnbuild.data.text.vocabulary import Vocabulary

TOKENISER = Tokeniser("word", lowercase=True)
VOCABULARY = Vocabulary(tuple(f"w{number}" for number in range(0, 3000, 3)))


def made_texts(seed: int, count: int) -> list[str]:
    """Texts of words and punctuation that were not seen before, one of them empty."""
    random = Random(seed)
    texts = [" ".join(f"W{random.randrange(3000)}," for _ in range(30)) for _ in range(count)]
    return [*texts, ""]


def expected(text: str) -> list[int]:
    return [VOCABULARY.id_of(token) for token in TOKENISER.tokens(text)]


def test_several_threads_get_the_ids_that_one_gets():
    encoder = TextEncoder(TOKENISER, VOCABULARY)
    chunks = [made_texts(seed, 40) for seed in range(40)]
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            encoded = list(threads.map(encoder.ids_of, chunks))
    finally:
        sys.setswitchinterval(usual)
    for texts, (ids, offsets) in zip(chunks, encoded, strict=True):
        assert [row.tolist() for row in np.split(ids, offsets[1:-1])] == list(map(expected, texts))


def test_an_iterator_of_texts_that_encodes_itself_does_not_wait_for_its_own_turn():
    encoder = TextEncoder(TOKENISER, VOCABULARY)
    ids, _ = encoder.ids_of(str(encoder.ids_of(["w3"])[0][0]) for _ in range(2))
    assert ids.tolist() == [1, 1]
