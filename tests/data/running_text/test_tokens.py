"""Text into tokens, and tokens into the same text."""

import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rnnbuild.data.running_text.tokens import BYTES, RunningTokens
from rnnbuild.data.text.tokeniser import Level

LEVELS: tuple[Level, ...] = ("character", "word", "byte")
TEXTS = st.text(st.characters(exclude_categories=("Cs",))) | st.text(
    st.sampled_from("ab.,’‘'( )[]!\n\r\t…%é\u0301\u00a0\u2028\ufeff😀ßİΣ")
)


def with_line_ends(text: str) -> str:
    return re.sub("\r\n?", "\n", text)


@given(text=TEXTS)
def test_characters_are_the_text_in_nfc(text: str) -> None:
    tokeniser = RunningTokens("character")
    tokens = tokeniser.tokens(text)
    assert all(len(token) == 1 for token in tokens)
    assert tokeniser.text_of(tokens) == unicodedata.normalize("NFC", with_line_ends(text))


@given(text=TEXTS)
def test_bytes_are_those_of_utf8(text: str) -> None:
    tokeniser = RunningTokens("byte")
    tokens = tokeniser.tokens(text)
    assert bytes(map(ord, tokens)) == with_line_ends(text).encode()
    assert tokeniser.text_of(tokens) == with_line_ends(text)
    assert sum(map(tokeniser.characters, tokens)) == len(with_line_ends(text))


@given(text=TEXTS)
@example(text=". . . ( ( a ) ) ’ ’ ‘ ‘ %\n\n . .\n.")
@example(text="…… … it’s ‘tis (a’) [[b]]")
def test_words_are_the_text_but_for_blanks(text: str) -> None:
    tokeniser = RunningTokens("word")
    tokens = list(tokeniser.tokens(text))
    written = tokeniser.text_of(tokens)
    assert list(tokeniser.tokens(written)) == tokens
    normal = unicodedata.normalize("NFC", with_line_ends(text))
    assert tokens.count("\n") == normal.count("\n")
    # A run of the same sign counts once: `....` is one token, as it is.
    assert "".join(written.split()) == "".join(normal.split())


@pytest.mark.parametrize("level", LEVELS)
@given(text=TEXTS)
def test_reading_what_is_read_changes_nothing(level: Level, text: str) -> None:
    for lowercase in (False, True):
        tokeniser = RunningTokens(level, lowercase)
        assert tokeniser.normal(tokeniser.normal(text)) == tokeniser.normal(text)


@pytest.mark.parametrize("level", LEVELS)
@given(text=TEXTS)
def test_pieces_are_the_text_token_by_token(level: Level, text: str) -> None:
    tokeniser = RunningTokens(level)
    tokens = tokeniser.tokens(text)
    pieces = list(tokeniser.pieces_of(tokens))
    assert "".join(pieces) == tokeniser.text_of(tokens)
    # Bytes end with what is left of a character.
    assert len(pieces) == len(tokens) + (level == "byte")


def test_words_have_no_blank_before_closing_and_after_opening_punctuation() -> None:
    tokeniser = RunningTokens("word")
    text = "Well, (he said) it's “fine”; isn’t it?\n\nYes: 5 %… [no]!\n"
    tokens = tokeniser.tokens(text)
    assert tokens[:6] == ["Well", ",", "(", "he", "said", ")"]
    assert tokeniser.text_of(tokens) == text.replace("5 %", "5%")


def test_the_characters_of_words_are_those_of_the_text() -> None:
    tokeniser = RunningTokens("word")
    line = "Well, (he said) it is fine; is it?\n"
    tokens = tokeniser.tokens(line * 20)
    assert sum(map(tokeniser.characters, tokens)) == len(line * 20)


def test_bytes_that_are_no_character_are_written_as_a_sign() -> None:
    tokeniser = RunningTokens("byte")
    assert list(tokeniser.pieces_of("a\xc3\xa9\xff\xe2\x82")) == ["a", "", "é", "�", "", "", "�"]
    assert tokeniser.text_of(BYTES[:128]) == "".join(map(chr, range(128)))


@pytest.mark.parametrize("level", LEVELS)
def test_half_of_a_surrogate_pair_is_read(level: Level) -> None:
    tokens = RunningTokens(level).tokens("a\ud83d b")
    assert len(tokens) == {"character": 4, "word": 3, "byte": 6}[level]


@pytest.mark.parametrize(
    ("level", "text", "tokens"),
    [
        ("word", "", []),
        ("word", "\n", ["\n"]),
        ("word", " a\r\n\r\n b ", ["a", "\n", "\n", "b"]),
        ("word", "a\u2028b", ["a", "b"]),
        ("character", "", []),
        ("character", "e\u0301\r\n", ["é", "\n"]),
        ("byte", "é\r\n", ["\xc3", "\xa9", "\n"]),
    ],
)
def test_line_ends_and_blanks(level: Level, text: str, tokens: list[str]) -> None:
    assert list(RunningTokens(level).tokens(text)) == tokens


def test_lower_case_is_asked_for() -> None:
    for level in LEVELS:
        assert "".join(RunningTokens(level, True).tokens("ÄB")) == (
            "\xc3\xa4b" if level == "byte" else "äb"
        )
        assert "B" in "".join(RunningTokens(level).tokens("ÄB"))


def test_an_export_can_take_the_file_as_it_is() -> None:
    """Nothing but Python's own modules and the tokeniser is imported."""
    package = Path(__file__).parents[3]
    code = (
        "import sys\nfrom rnnbuild.data.running_text.tokens import RunningTokens\n"
        "print([name for name in sys.modules if name.startswith(('numpy', 'rnnbuild.'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=package, capture_output=True, text=True, check=True
    )
    expected = "rnnbuild.data rnnbuild.data.running_text rnnbuild.data.text"
    modules = "rnnbuild.data.running_text.tokens rnnbuild.data.text.tokeniser"
    names = {name.strip("'[]\n") for name in done.stdout.split(", ")}
    assert names <= {*expected.split(), *modules.split()}


@given(TEXTS, st.sampled_from(["word", "character"]))
def test_the_sizes_of_tokens_are_those_of_all_the_text(text: str, level: Level) -> None:
    tokeniser = RunningTokens(level)
    sizes = tokeniser.sizes(text)
    assert len(sizes) == len(tokeniser.tokens(text))
    assert sum(sizes) == (len(tokeniser.normal(text)) if sizes else 0)


def test_a_word_has_the_white_space_after_it_and_a_lines_first_that_before() -> None:
    sizes = RunningTokens("word").sizes("  So,  it\n \nends...")
    assert sizes == [4, 3, 2, 1, 2, 4, 3]
