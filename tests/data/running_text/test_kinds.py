"""The kind of each token."""

import numpy as np
import pytest

from rnnbuild.data.running_text.codec import RunningTextCodec
from rnnbuild.data.running_text.kinds import KINDS, kinds_of
from rnnbuild.data.running_text.tokens import BYTES, RunningTokens
from rnnbuild.data.text.vocabulary import Vocabulary


def kinds_in(text: str, level: str, unknown: str = "") -> list[str]:
    """The kinds of a text's tokens but the first."""
    tokeniser = RunningTokens(level)
    tokens = list(tokeniser.tokens(text))
    known = BYTES if level == "byte" else tuple(sorted({*tokens} - {unknown}))
    codec = RunningTextCodec(tokeniser, Vocabulary(known), 8)
    ids = codec.ids(tokens)
    return [KINDS[kind] for kind in kinds_of(codec, ids[:-1], ids[1:]).tolist()]


def test_a_letter_is_the_first_of_its_word_behind_what_is_no_letter() -> None:
    first, later = "first letter of a word", "later letter of a word"
    assert kinds_in(".Ab é\n1-x?", "character", unknown="?") == [
        *(first, later, "blank", first, "line end", "digit", "punctuation", first, "unknown")
    ]


def test_a_character_of_several_bytes_is_a_part_of_its_word() -> None:
    first, later = "first letter of a word", "later letter of a word"
    assert kinds_in(" né", "byte") == [first, later, later]


def test_words_have_no_letters() -> None:
    assert kinds_in("so it goes\n- 12 times .", "word", unknown="times") == [
        *("word", "word", "line end", "punctuation", "digit", "unknown", "punctuation")
    ]


@pytest.mark.parametrize("level", ["character", "word", "byte"])
def test_every_token_has_a_kind(level: str) -> None:
    text = "".join(map(chr, range(32, 0x250)))
    assert len(kinds_in(text, level)) == len(RunningTokens(level).tokens(text)) - 1
    assert np.isin(kinds_in(text, level), KINDS).all()
