"""Sentences in lines of any width."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from rnnbuild.wording.prose import wrapped

SENTENCE = (
    "The model does not beat `linear AR(12)` (RMSE 19.734): 74.5 % of 1,596 texts, 5.38 kB; see "
    "`rnnbuild data my.yaml --set data.max_length=30`, or /a/long/path/of/a/run-12/model.keras."
)
WHOLE = (
    *("`linear AR(12)`", "19.734", "74.5 %", "1,596", "5.38 kB"),
    *("`rnnbuild data my.yaml --set data.max_length=30`", "/a/long/path/of/a/run-12/model.keras."),
)


@pytest.mark.parametrize("width", range(1, 131))
def test_numbers_names_commands_and_paths_stay_whole_in_any_width(width):
    lines = wrapped(SENTENCE, width)
    assert " ".join(lines) == SENTENCE
    for part in WHOLE:
        assert any(part in line for line in lines), part
    longest = max(map(len, WHOLE))
    assert all(len(line) <= max(width, longest + 2) for line in lines)


def test_without_a_width_there_is_one_line():
    assert wrapped(SENTENCE * 9, None) == [SENTENCE * 9]


def test_lines_after_the_first_hang_below_it():
    assert wrapped("one two three", 8, "- ", "  ") == ["- one", "  two", "  three"]
    assert wrapped("  one two three", 8) == ["  one", "  two", "  three"]


def test_a_list_is_broken_after_commas_alone():
    assert wrapped("very good, not bad, so-so", 12, between="items") == [
        "very good,",
        "not bad,",
        "so-so",
    ]


@given(st.text("ab 日本語テ。한", max_size=60), st.integers(2, 30))
def test_text_without_spaces_is_broken_between_ideographs_alone(text, width):
    text = text.strip()
    lines = wrapped(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        assert cell_len(line) <= width or not any(ord(letter) > 127 for letter in line)


def test_a_name_before_a_text_keeps_its_column_where_the_text_is_wrapped() -> None:
    lines = wrapped("one two three four", 20, "seen:     ", " " * 10)
    assert lines == ["seen:     one two", "          three four"]
