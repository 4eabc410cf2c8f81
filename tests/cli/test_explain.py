"""`rnnbuild explain`: what a reader finds in its text."""

import csv
import io

import pytest

from tests.cli.command import rnnbuild


def test_the_arithmetic_is_shown_beside_its_result() -> None:
    assert "2·(5·(10+5)+5) = 160" in rnnbuild("explain", "classic").out


@pytest.mark.parametrize("cell", ["simple_rnn", "gru", "lstm"])
def test_every_line_fits_eighty_columns(cell: str) -> None:
    settings = ("--set", f"cell={cell}", "--set", "units=512", "--set", "depth=2")
    shown = rnnbuild("explain", "classic", *settings)
    assert shown.code == 0
    # A tilde above a letter takes no column of its own.
    assert max(len(line.replace("\u0303", "")) for line in shown.lines) <= 80


def test_the_cell_of_the_config_is_marked_among_the_cells() -> None:
    lines = rnnbuild("explain", "classic", "--set", "cell=lstm").lines
    assert [line.split()[0] for line in lines if line.rstrip().endswith("◀")] == ["LSTM"]


def test_a_model_that_reads_both_ways_cannot_answer_a_live_stream() -> None:
    assert "needs the whole sequence first" in rnnbuild("explain", "classic").out


def test_a_model_that_reads_forward_can_answer_a_live_stream() -> None:
    shown = rnnbuild("explain", "classic", "--set", "bidirectional=false")
    assert "can answer after each step" in " ".join(shown.out.split())


def test_json_has_layers_and_cells() -> None:
    shown = rnnbuild("explain", "classic", "--format", "json").json
    assert [layer["parameters"] for layer in shown["layers"]] == [500, 160, 11]
    assert [layer["needs_whole_sequence"] for layer in shown["layers"]] == [False, True, False]
    assert [cell["weight_matrices"] for cell in shown["cells"]] == [2, 6, 6, 8]


def test_csv_has_a_row_for_every_layer() -> None:
    rows = list(csv.DictReader(io.StringIO(rnnbuild("explain", "classic", "--format", "csv").out)))
    assert [row["parameters_arithmetic"] for row in rows] == ["50·10", "2·(5·(10+5)+5)", "10·1+1"]


def test_markdown_has_a_heading_for_every_layer_and_a_table_of_cells() -> None:
    text = rnnbuild("explain", "classic", "--format", "markdown").out
    assert "## bidirectional_simple_rnn: Bidirectional(SimpleRNN), 50×10 → 10" in text
    assert "| SimpleRNN | none | 1: h | 2 | 160 |" in text


def test_a_language_model_is_explained_with_its_windows_and_their_state() -> None:
    shown = " ".join(rnnbuild("explain", "shakespeare").out.split())
    assert "the probability of every token that may come next" in shown
    assert "reads the text 64 steps at a time" in shown
    assert "truncated backpropagation through time (Williams and Peng 1990)" in shown
    assert "Williams" not in rnnbuild("explain", "reviews").out
    assert "Williams" in rnnbuild("explain", "shakespeare", "--format", "markdown").out
