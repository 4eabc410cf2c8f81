"""Rows of text to codes: against the tokeniser itself, one text after the other."""

import gc
import sys
import weakref
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.readers.csv import read_csv
from rnnbuild.data.rows.rows import rows_of
from rnnbuild.data.text import tokens
from rnnbuild.data.text.pieces import LONGEST, Pieces
from rnnbuild.data.text.tokeniser import Tokeniser
from rnnbuild.data.text.tokens import TokenReader

CORPORA = Path(__file__).parents[4] / "shared" / "data"

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
    pays=st.sampled_from((0, 60, 1 << 40)),
)
def test_rows_read_together_are_those_of_the_tokeniser(parts, level, lowercase, most, block, pays):
    tokeniser = Tokeniser(level, lowercase)
    reader = TokenReader(tokeniser)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens, "MOST_PIECES", most)
        patch.setattr(tokens, "BLOCK", block)
        patch.setattr(tokens, "LOADED_PAYS", pays)
        patch.setattr(tokens, "IMPORT_PAYS", pays)
        read = reader.tokens([reader.read(texts) for texts in parts])
    for texts, found in zip(parts, read, strict=True):
        assert list(found) == [tokeniser.tokens(text) for text in texts]


@settings(deadline=None)
@given(
    rows=st.lists(st.lists(st.text(st.sampled_from("abcé"), min_size=1, max_size=20)), max_size=9),
    slots=st.sampled_from((2, 4, 1 << 16)),
    compiled=st.tuples(st.booleans(), st.booleans()),
)
def test_pieces_are_numbered_as_a_dictionary_numbers_them(rows, slots, compiled):
    seen: list[bytes] = []
    table = Pieces(seen.extend)
    table._make_table(slots)
    numbers: dict[str, int] = {}
    for loop in compiled:
        number = table.numbers_by_loop if loop else table.numbers_of
        texts = [" ".join(row).encode() for row in rows]
        ends = np.cumsum([len(text) + 1 for text in texts]).astype(np.int64) - 1
        found, counts = number(b"".join(text + b"\n" for text in texts), ends)
        expected = [numbers.setdefault(word, len(numbers)) for row in rows for word in row]
        assert found.tolist() == expected
        assert counts.tolist() == [len(row) for row in rows]
    assert seen == [word.encode() for word in numbers]


def test_the_compiled_loop_is_for_text_that_pays_for_loading_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    assert tokens.loop_pays(tokens.LOADED_PAYS)
    monkeypatch.delitem(sys.modules, "numba")
    assert not tokens.loop_pays(tokens.IMPORT_PAYS - 1)
    assert tokens.loop_pays(tokens.IMPORT_PAYS)


@pytest.mark.parametrize("lowercase", [False, True])
@pytest.mark.parametrize("corpus", ["mr/train.csv", "atis/train.intent.csv"])
def test_real_texts_read_together_are_those_of_the_tokeniser(corpus, lowercase):
    path = CORPORA / corpus
    if not path.is_file():
        pytest.skip(f"there is no {path}")
    texts = rows_of(read_csv(path, DataConfig(train=str(path)), "classify")).texts
    tokeniser = Tokeniser("word", lowercase)
    reader = TokenReader(tokeniser)
    (read,) = reader.tokens([reader.read(texts)])
    assert list(read) == [tokeniser.tokens(text) for text in texts]


def test_pieces_that_would_share_a_slot_stay_apart():
    table = Pieces(lambda pieces: None)
    hashes = np.arange(1, 3000, dtype=np.uint64)  # the high bits, which choose the slot, are all 0
    table._insert(hashes, hashes.astype(np.int32))
    numbers, lacking = table._found(np.arange(1, 3100, dtype=np.uint64))
    assert numbers[:2999].tolist() == list(range(1, 3000))
    assert lacking.tolist() == list(range(2999, 3099))


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
