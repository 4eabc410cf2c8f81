"""A model described by options, against models that Keras builds from the same sizes."""

import shlex
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

from rnnbuild.config.model_options import EXAMPLE, MODEL_OPTIONS
from tests.cli.command import Result, rnnbuild

SIZES = ("--units", "6", "--vocabulary", "30", "--embedding", "4", "--classes", "5")
LSTM = ("--cell", "lstm", *SIZES)


def keras_parameters(
    cell: str, units: int, depth: int, both: bool, vocabulary: int, embedding: int, classes: int
) -> int:
    import keras

    layer = {"simple_rnn": "SimpleRNN", "gru": "GRU", "lstm": "LSTM"}[cell]
    model = keras.Sequential([keras.Input((None,)), keras.layers.Embedding(vocabulary, embedding)])
    for number in range(depth):
        recurrent = getattr(keras.layers, layer)(units, return_sequences=number < depth - 1)
        model.add(keras.layers.Bidirectional(recurrent) if both else recurrent)
    model.add(keras.layers.Dense(1 if classes == 2 else classes))
    return int(model.count_params())


@pytest.mark.parametrize(
    ("cell", "both", "sizes"),
    list(
        product(("simple_rnn", "gru", "lstm"), (False, True), ((6, 1, 30, 4, 5), (3, 2, 9, 8, 2)))
    ),
)
def test_the_parameters_are_those_that_keras_counts(
    cell: str, both: bool, sizes: tuple[int, int, int, int, int]
) -> None:
    units, depth, vocabulary, embedding, classes = sizes
    shown = rnnbuild(
        *("summary", "--cell", cell, "--units", f"{units}", "--depth", f"{depth}"),
        *(["--bidirectional"] if both else []),
        *("--vocabulary", f"{vocabulary}", "--embedding", f"{embedding}"),
        *("--classes", f"{classes}", "--format", "json"),
    ).json
    expected = keras_parameters(cell, units, depth, both, vocabulary, embedding, classes)
    assert shown["parameters"] == expected


def test_the_first_question_people_have_is_one_command_and_the_next_one_more() -> None:
    question = (
        *("--cell", "lstm", "--units", "128", "--depth", "2", "--bidirectional"),
        *("--vocabulary", "20000", "--embedding", "100", "--classes", "5"),
    )
    assert "2,630,021 parameters" in rnnbuild("summary", *question).out
    both = rnnbuild("compare", *question, "--vary", "cell=lstm,gru", "--format", "json").json
    assert [model["parameters"] for model in both] == [2_630_021, 2_474_373]


def printed_config(shown: Result) -> str:
    return shown.out[shown.out.index("name: model") :]


@pytest.mark.parametrize("more", [(), ("--depth", "3", "--bidirectional", "--input-length", "7")])
def test_the_config_that_is_printed_gives_the_same_figures(
    more: tuple[str, ...], tmp_path: Path
) -> None:
    shown = rnnbuild("summary", *LSTM, *more)
    path = tmp_path / "model.yaml"
    path.write_text(printed_config(shown))
    of_file = rnnbuild("summary", path)
    assert of_file.code == 0
    assert shown.out.startswith(of_file.out)
    in_json = rnnbuild("summary", *LSTM, *more, "--format", "json").json
    assert in_json["config"] == yaml.safe_load(path.read_text())


def test_the_command_that_prints_the_config_alone_prints_it() -> None:
    shown = rnnbuild("summary", *LSTM, "--bidirectional", "--set", "dropout=0.5")
    command = " ".join(shown.out.split()).split("`rnnbuild ")[-1].split("`")[0]
    assert rnnbuild(*shlex.split(command)).out == printed_config(shown)


NUMBERS = ("--cell", "lstm", "--units", "6", "--features", "3", "--horizon", "4")


@pytest.mark.parametrize("cell", ["simple_rnn", "gru", "lstm"])
def test_a_model_of_numbers_has_the_parameters_that_keras_counts(cell: str) -> None:
    import keras

    layer = {"simple_rnn": "SimpleRNN", "gru": "GRU", "lstm": "LSTM"}[cell]
    recurrent = getattr(keras.layers, layer)(6)
    model = keras.Sequential([keras.Input((None, 3)), recurrent, keras.layers.Dense(4)])
    shown = rnnbuild("summary", *NUMBERS, "--cell", cell, "--format", "json").json
    assert shown["parameters"] == model.count_params()
    assert shown["config"]["model"]["input_columns"] == 3
    assert "activation: linear" in rnnbuild("show", *NUMBERS, "--resolved").out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--features", "3"), "`--horizon` is missing"),
        (("--horizon", "4"), "`--features` is missing"),
        (("--features", "3", "--classes", "2"), "--classes is for a model that reads text"),
        (("--set", "task=forecast"), "`--features`, `--horizon` are missing"),
    ],
)
def test_what_is_missing_of_a_model_of_numbers_or_too_much_is_named(
    options: tuple[str, ...], message: str
) -> None:
    refused = rnnbuild("summary", "--cell", "gru", "--units", "6", *options)
    assert refused.code == 2
    assert message in refused.err


CHANGED = {
    "cell": "gru",
    "units": "7",
    "depth": "2",
    "bidirectional": None,
    "vocabulary": "31",
    "embedding": "5",
    "classes": "6",
    "features": "5",
    "horizon": "2",
    "input-length": "9",
}


@pytest.mark.parametrize("name", [option.name for option in MODEL_OPTIONS])
def test_every_option_has_an_effect(name: str) -> None:
    model = NUMBERS if name in ("features", "horizon") else LSTM

    def figures(*options: str) -> dict[str, Any]:
        values: dict[str, Any] = rnnbuild("summary", *model, *options, "--format", "json").json
        return values

    value = CHANGED[name]
    assert figures(f"--{name}", *([value] if value else [])) != figures()


@pytest.mark.parametrize("command", ["summary", "explain", "code", "compare"])
def test_commands_that_size_a_model_share_the_options(command: str, tmp_path: Path) -> None:
    path = tmp_path / "model.yaml"
    path.write_text(rnnbuild("show", *LSTM).out)
    described = rnnbuild(command, *LSTM, "--format", "csv")
    assert (described.code, described.err) == (0, "")
    assert described.out == rnnbuild(command, path, "--format", "csv").out


def test_what_data_or_another_option_says_need_not_be_said_again() -> None:
    data = ("--set", "data.dataset=languages")
    sizes = ("--cell", "gru", "--units", "8", "--embedding", "10")
    assert rnnbuild("summary", *sizes, *data).code == 0
    assert rnnbuild("compare", *SIZES, "--vary", "cell=gru,lstm").code == 0
    assert rnnbuild("summary", *SIZES, "--set", "model.layers.0.cell=gru").code == 0


def test_two_classes_share_a_unit_unless_words_are_tagged() -> None:
    def units(*options: str) -> int:
        config = rnnbuild("show", *LSTM, "--classes", "2", *options, "--format", "json").json
        return int(config["model"]["head"]["units"])

    assert units() == 1
    assert units("--set", "task=tag") == 2


def test_a_config_beside_options_is_refused_with_the_command_that_changes_it() -> None:
    shown = rnnbuild("summary", "classic", "--cell", "gru", "--bidirectional", "--units", "4")
    assert (shown.code, shown.out) == (2, "")
    assert "--cell describes a model, and classic is one" in shown.err
    command = shown.err.strip().rpartition("rnnbuild ")[2]
    changed = rnnbuild(*shlex.split(command), "--format", "json").json
    assert changed["layers"][1]["kind"] == "Bidirectional(GRU)"
    assert changed["layers"][1]["output_shape"] == [8]


def test_without_a_config_the_options_that_describe_a_model_are_shown() -> None:
    for command in ("summary", "explain", "compare", "code", "show"):
        shown = rnnbuild(command)
        assert (shown.code, shown.out) == (2, "")
        suggested = shown.err.strip().rpartition("rnnbuild ")[2]
        assert suggested == f"{command} {EXAMPLE}"
        assert rnnbuild(*suggested.split()).code == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--cell", "lstm"), "`--units`, `--vocabulary`, `--embedding`, `--classes` are missing"),
        (SIZES, "`--cell` is missing: a model's size depends on it"),
        ((*LSTM, "--cell", "lstn"), "did you mean `lstm`?"),
        ((*LSTM, "--units", "0"), "`units` must be at least 1, found `0`"),
        ((*LSTM, "--vocabulary", "1"), "`input_dim` must be at least 2, found `1`"),
        ((*LSTM, "--vocabulary", "20k"), '`input_dim` must be a whole number, found `"20k"`'),
        ((*LSTM, "--depth", "0"), "`depth` must be a whole number from 1 to 100, found `0`"),
        ((*LSTM, "--classes", "1"), "`--classes` must be at least 2, found `1`"),
        ((*LSTM, "--classes", "five"), '`units` must be a whole number, found `"five"`'),
        ((*LSTM, "--set", "unit=3"), "there is no key `unit`"),
    ],
)
def test_a_wrong_description_is_one_clear_error(options: tuple[str, ...], message: str) -> None:
    shown = rnnbuild("summary", *options)
    assert (shown.code, shown.out) == (2, "")
    assert message in shown.err
    assert shown.err.count("error:") == 1
