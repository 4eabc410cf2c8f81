"""`rnnbuild summary`, against Keras' own counts where it says figures."""

import csv
import io
from pathlib import Path

import pytest

from rnnbuild.cli import summary as command
from rnnbuild.cli.options import Format
from rnnbuild.errors import RnnbuildError
from tests.cli.command import rnnbuild


def test_the_classic_notebook_has_671_parameters_in_three_layers() -> None:
    shown = rnnbuild("summary", "classic", "--format", "json").json
    assert shown["parameters"] == 671
    assert [layer["parameters"] for layer in shown["layers"]] == [500, 160, 11]


def test_a_table_of_long_names_and_large_numbers_fits_eighty_columns() -> None:
    shown = rnnbuild(
        "summary", "classic", "--set", "depth=3", "--set", "units=256", "--set", "cell=lstm"
    )
    assert shown.code == 0
    assert max(len(line) for line in shown.lines) <= 80
    assert "bidirectional_lstm_3" in shown.out


def test_a_wide_terminal_also_shows_each_layers_class() -> None:
    assert "Bidirectional(SimpleRNN)" in rnnbuild("summary", "classic", columns=120).out


def test_every_row_of_csv_is_a_layer_and_figures_stay_raw() -> None:
    text = rnnbuild("summary", "classic", "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["parameters"] for row in rows] == ["500", "160", "11"]
    assert rows[1]["input_shape"] == "50×10"


def test_markdown_has_the_layers_and_a_total() -> None:
    lines = rnnbuild("summary", "classic", "--format", "markdown").lines
    assert [line.split("|")[1].strip() for line in lines if line.startswith("|")][2:] == [
        "embedding",
        "bidirectional_simple_rnn",
        "head",
        "total",
    ]


def test_shares_of_the_layers_add_up_to_the_whole() -> None:
    layers = rnnbuild("summary", "classic", "--format", "json").json["layers"]
    assert sum(layer["share"] for layer in layers) == pytest.approx(1)


def test_layers_with_similar_names_differ_in_eighty_columns() -> None:
    shown = rnnbuild("summary", "classic", "--set", "depth=2").out.split()
    assert {"bidirectional_simple_rnn_1", "bidirectional_simple_rnn_2"} <= set(shown)


def test_no_line_of_a_file_or_a_pipe_ends_in_spaces() -> None:
    lines = rnnbuild("summary", "classic").lines
    assert [line for line in lines if line != line.rstrip()] == []


def test_memory_of_the_layers_and_the_optimizers_scalars_is_the_total() -> None:
    shown = rnnbuild("summary", "classic", "--format", "json").json
    counter_and_learning_rate = 8 + 4
    layers = sum(layer["training_memory"] for layer in shown["layers"])
    assert shown["training_memory"] == layers + counter_and_learning_rate


def test_a_layer_that_reads_from_the_end_is_named() -> None:
    settings = ("--set", "bidirectional=false", "--set", "go_backwards=true")
    assert "`simple_rnn` reads its input from the end." in (
        rnnbuild("summary", "classic", *settings).out
    )


def test_keras_prints_its_own_table_and_agrees() -> None:
    shown = rnnbuild("summary", "classic", "--keras")
    assert shown.code == 0
    assert "Total params: 671" in shown.out
    assert "Keras agrees" in shown.out


def test_a_layer_that_keras_counts_otherwise_fails_the_command() -> None:
    with pytest.raises(RnnbuildError, match="`head` has 12 parameters, the analysis says 11"):
        command.report_agreement(
            "", ["`head` has 12 parameters, the analysis says 11"], Format.table
        )


def test_what_a_language_model_learns_from_at_once_is_a_window() -> None:
    assert "for one window of 64 steps" in " ".join(rnnbuild("summary", "shakespeare").out.split())


WITHOUT_LENGTH = """
model:
  embedding: {input_dim: 50, output_dim: 10}
  layers:
    - {cell: simple_rnn, units: 5, bidirectional: true}
  head: {units: 1}
"""


@pytest.fixture(params=["", "data: {}\n"])
def without_length(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The classic notebook's model, whose number of steps nothing says."""
    path = tmp_path / "model.yaml"
    path.write_text(request.param + WITHOUT_LENGTH)
    return path


@pytest.mark.parametrize("command", ["summary", "explain", "compare"])
def test_parameters_are_counted_where_the_number_of_steps_is_unknown(
    command: str, without_length: Path
) -> None:
    shown = rnnbuild(command, without_length)
    assert shown.code == 0
    assert "671" in shown.out
    words = " ".join(shown.out.split())
    assert "needs T" in words
    assert "`--set model.input_length=50` gives them for 50 steps" in words
    # What the note advises gives the classic's figures.
    advised = rnnbuild(command, without_length, "--set", "model.input_length=50", "--format", "csv")
    of_classic = rnnbuild(command, "classic", "--format", "csv")
    assert advised.out.replace("model,", "classic,") == of_classic.out


def test_a_script_and_keras_need_no_number_of_steps(without_length: Path) -> None:
    assert "keras.Sequential" in rnnbuild("code", without_length).out
    assert "Keras agrees" in rnnbuild("summary", without_length, "--keras").out


def test_what_depends_on_the_steps_is_null_in_json(without_length: Path) -> None:
    shown = rnnbuild("summary", without_length, "--format", "json").json
    assert (shown["input_length"], shown["multiply_adds"], shown["training_memory"]) == (None,) * 3
    assert shown["layers"][1]["input_shape"] == [None, 10]


@pytest.mark.parametrize(
    "arguments",
    [("compare", "--sort", "memory"), ("compare", "--sort", "multiply-adds"), ("bench",)],
)
def test_what_cannot_do_without_the_steps_says_how_they_are_given(
    arguments: tuple[str, ...], without_length: Path
) -> None:
    command, *options = arguments
    shown = rnnbuild(command, without_length, *options)
    assert (shown.code, shown.out) == (2, "")
    assert "`model.input_length` is missing" in shown.err
    assert "`input_length: 50`" in shown.err
