"""Control characters made visible, and JSON that stays the same document."""

import json
import subprocess
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbuild.visible import json_text, shell_word, token_text, visible, visible_lines

# Whatever a terminal may obey or hide, by Unicode's own categories instead of a list of ours.
OBEYED = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in ("Cc", "Cs")]
BIDI = [
    chr(code)
    for code in range(0x110000)
    if unicodedata.bidirectional(chr(code)) in ("LRE", "RLE", "LRO", "RLO", "PDF")
    or unicodedata.bidirectional(chr(code)) in ("LRI", "RLI", "FSI", "PDI")
]
TEXTS = st.text(st.characters() | st.sampled_from([*OBEYED[:200], *BIDI]))


@pytest.mark.parametrize("character", [*BIDI, "\u200b", "\u2028", "\u2029", "\ufeff", "\xad"])
def test_what_changes_or_hides_text_is_written_as_python_writes_it(character):
    assert visible(character) == repr(character)[1:-1]
    assert visible(character).isascii()


def test_no_control_character_is_left_and_letters_of_all_scripts_are():
    assert visible("".join(OBEYED)).isprintable()
    kept = "é ß 中文 עברית हिन्दी फ़ारसी می\u200cخواهم 👨\u200d👩\u200d👧 ✓ a\\b `x`\u00a0\u3000"
    assert visible(kept) == kept


def test_line_breaks_and_tabs_stay_where_text_is_laid_out_by_them():
    assert visible("a\n\tb\x1b[31m") == r"a\n\tb\x1b[31m"
    assert visible_lines("a\n\tb\x1b[31m\r") == "a\n\tb\\x1b[31m\\r"


@given(TEXTS)
def test_visible_text_stays_as_it_is(text):
    assert visible(visible(text)) == visible(text)


@given(TEXTS)
def test_json_means_the_same_and_holds_nothing_that_a_terminal_obeys(text):
    document = json_text(json.dumps({text: [text]}, ensure_ascii=False))
    assert json.loads(document) == {text: [text]}
    assert visible(document) == document


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), min_size=1))
def test_a_shell_reads_a_pasted_word_as_it_was(text):
    word = shell_word(text)
    assert visible(word) == word
    printed = subprocess.run(["bash", "-c", f"printf %s {word}"], capture_output=True)
    assert printed.stdout == text.encode()


def test_a_path_is_no_option():
    assert shell_word(Path("-run")) == "./-run"
    assert shell_word("-run") == "-run"  # text, which may be meant as one


def test_a_byte_that_is_not_utf8_can_be_pasted():
    word = shell_word(b"caf\xe9 's".decode(errors="surrogateescape"))
    printed = subprocess.run(["bash", "-c", f"printf %s {word}"], capture_output=True)
    assert printed.stdout == b"caf\xe9 's"


def test_a_token_of_white_space_is_seen_by_its_quotes() -> None:
    assert [token_text(token) for token in (" ", "\n", "\u00a0", "a", "", "a b")] == [
        '" "',
        '"\n"',
        '"\u00a0"',
        "a",
        "",
        "a b",
    ]
