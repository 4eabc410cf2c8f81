"""A problem as text: its place, its frame and the underline that stays under the right letters."""

import pytest

from rnnbuild.errors import (
    FRAME_WIDTH,
    ConfigError,
    Interrupted,
    Place,
    Problem,
    RnnbuildError,
    TrainingError,
    code_frame,
    did_you_mean,
    nearest,
)


def test_a_frame_underlines_the_text_at_its_place() -> None:
    assert code_frame(Place("c.yaml", 12, 7, "units: x1", 2)) == [
        "  12 | units: x1",
        "     |       ^^",
    ]


def test_wide_characters_take_two_columns_and_accents_none() -> None:
    (line, under) = code_frame(Place("c", 1, 5, "名前: x", 1))
    assert line.endswith("名前: x")
    assert under == "    |       ^"
    assert code_frame(Place("c", 1, 3, "e\N{COMBINING ACUTE ACCENT}x"))[1] == "    |  ^"


@pytest.mark.parametrize("column", [1, 40, 100, 200])
def test_a_long_line_is_cut_so_that_the_underlined_text_shows(column: int) -> None:
    text = "".join(chr(ord("a") + number % 26) for number in range(200))
    line, under = code_frame(Place("c", 1, column, text, 3))
    start = under.index("^")
    marked = line[start : start + under.count("^")]
    assert marked == text[column - 1 : column + 2]
    assert len(line) <= FRAME_WIDTH + len("  1 | ")


def test_control_characters_cannot_reach_the_terminal() -> None:
    line, under = code_frame(Place("c", 1, 5, "\x1b[31mred\x07\t", 4))
    assert line == r"  1 | \x1b[31mred\x07 "
    assert under == "    |        ^^^^"
    problem = Problem("a label \x1b[2J\nerror: none", Place("a\u202eb", 1, 1), "rm \x9b")
    assert str(problem) == r"a\u202eb:1:1: a label \x1b[2J\nerror: none" + "\n" + r"  hint: rm \x9b"


def test_an_empty_line_has_no_frame() -> None:
    assert code_frame(Place("c", 1, 1, "  ")) == []
    assert code_frame(None) == []


def test_the_command_line_has_no_line_number() -> None:
    problem = Problem("wrong", Place("command line", 0, 3, "--set x", 1), "write it")
    assert str(problem) == "command line: wrong\n   | --set x\n   |   ^\n  hint: write it"


def test_an_error_is_a_sentence_a_problem_or_several() -> None:
    assert str(ConfigError("wrong", "do this")) == "wrong\n  hint: do this"
    assert str(ConfigError([Problem("a"), Problem("b")])) == "a\nb"


def test_exit_codes_tell_a_wrong_request_from_a_failure_and_a_signal() -> None:
    assert (ConfigError("x").exit_code, TrainingError("x").exit_code) == (2, 1)
    assert RnnbuildError("x").exit_code == 1
    assert [Interrupted("x", number).signal_exit_code for number in (2, 15)] == [130, 143]


def test_the_nearest_name_is_found_in_any_case_and_none_where_none_is_near() -> None:
    assert nearest("LSTM", ["gru", "lstm"]) == "lstm"
    assert nearest("bidirectonal", ["units", "bidirectional"]) == "bidirectional"
    assert nearest("xyz", ["units"]) is None
    assert did_you_mean("unit", ["units"]) == " (did you mean `units`?)"
    assert did_you_mean("xyz", ["units"]) == ""


def test_a_longer_name_that_begins_with_the_word_is_nearer_than_any_other() -> None:
    options = ["--tokens", "--token-file", "--token-file-of-another"]
    assert nearest("--token", ["--broken", "--token-file"]) == "--token-file"
    assert nearest("--tok", options) == "--tokens"
    assert nearest("--Token-f", options) == "--token-file"
    assert nearest("--t", options) is None
    assert nearest("--", options) is None
    assert nearest("", options) is None
