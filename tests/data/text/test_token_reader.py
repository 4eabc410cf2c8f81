"""Rows of text to codes: against the tokeniser itself, one text after the other."""

import gc
import tracemalloc
import weakref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.readers.csv import read_csv
from rnnbuild.data.rows.rows import rows_of
from rnnbuild.data.text import encoder as encoder_module
from rnnbuild.data.text import token_reader
from rnnbuild.data.text.encoder import TextEncoder
from rnnbuild.data.text.pieces import LONGEST
from rnnbuild.data.text.token_reader import TokenReader
from rnnbuild.data.text.tokeniser import Tokeniser
from rnnbuild.data.text.vocabulary import Vocabulary
from tests.corpora import corpus

# Spaces of ASCII and of Unicode, a combining mark, a final sigma, a joined emoji, and a NUL.
SIGNS = "ab Cé.'\"-1\t\n\r\x0b\x1c\x85\u00a0\u2003\u0301Σσ\u200d😀\0\x1f"
TEXTS = st.text(st.sampled_from(SIGNS), max_size=40) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=20
)
LONG = st.builds(
    lambda more, after: "x" * (LONGEST - 1 + more) + after + "a", st.integers(0, 3), TEXTS
)


@settings(deadline=None)
@given(
    parts=st.lists(st.lists(TEXTS | LONG, max_size=6), min_size=1, max_size=3),
    level=st.sampled_from(("word", "character")),
    lowercase=st.booleans(),
    most=st.sampled_from((1, 1 << 20)),
    block=st.sampled_from((1, 20, 1 << 16)),
)
def test_rows_read_together_are_those_of_the_tokeniser(parts, level, lowercase, most, block):
    tokeniser = Tokeniser(level, lowercase)
    reader = TokenReader(tokeniser, most_pieces=most)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(token_reader, "BLOCK", block)
        read = reader.tokens([reader.read(texts) for texts in parts])
    for texts, found in zip(parts, read, strict=True):
        assert list(found) == [tokeniser.tokens(text) for text in texts]


@pytest.mark.parametrize("lowercase", [False, True])
@pytest.mark.parametrize("file", ["mr/train.csv", "atis/train.intent.csv"])
def test_real_texts_read_together_are_those_of_the_tokeniser(file, lowercase):
    path = corpus(file)
    texts = rows_of(read_csv(path, DataConfig(train=str(path)), "classify")).texts
    tokeniser = Tokeniser("word", lowercase)
    reader = TokenReader(tokeniser)
    (read,) = reader.tokens([reader.read(texts)])
    assert list(read) == [tokeniser.tokens(text) for text in texts]


def test_an_encoder_of_ever_new_words_remembers_only_so_many(monkeypatch):
    monkeypatch.setattr(encoder_module, "MOST_PIECES", 1 << 12)
    encoder = TextEncoder(Tokeniser(), Vocabulary(("a",)))
    tracemalloc.start()
    try:
        sizes = []
        for number in range(30):
            encoder.ids_of([" ".join(f"w{number}x{n}" for n in range(1 << 9))])
            sizes.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    # Full after nine rounds, empty again, and so on.
    assert max(sizes[20:]) < 1.1 * max(sizes[:10])


def test_a_reader_that_is_done_with_goes_at_once_with_all_its_words():
    gc.disable()
    try:
        reader = TokenReader(Tokeniser())
        reader.read(["a film"])
        lexicon = weakref.ref(reader.table)
        del reader
        assert lexicon() is None
    finally:
        gc.enable()
