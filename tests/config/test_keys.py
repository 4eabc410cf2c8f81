"""`--set`: which key is meant, what else it changes, and how a wrong one is shown."""

from typing import Any

import pytest

from rnnbuild.config.keys import LAYER_KEYS, with_settings
from rnnbuild.config.load import checked
from rnnbuild.config.places import Source
from rnnbuild.config.settings import (
    setting_from_argument,
    setting_from_option,
    setting_from_program,
)
from rnnbuild.config.yaml_tree import Tree, read_tree
from rnnbuild.errors import ConfigError
from tests.config.messages import cases

CONFIG = """\
name: small
model:
  layers:
    - {cell: gru, units: 4}
    - {kind: dropout, rate: 0.1}
    - {cell: lstm, units: 8}
"""


def tree() -> Tree:
    return read_tree(Source("config.yaml", CONFIG))


def changed(*arguments: str) -> dict[str, Any]:
    found, _ = with_settings(tree(), [setting_from_argument(argument) for argument in arguments])
    checked(found)
    return dict(found.value)


def layers(*arguments: str) -> list[dict[str, Any]]:
    return list(changed(*arguments)["model"]["layers"])


def test_a_dotted_key_sets_one_value() -> None:
    assert [layer.get("units") for layer in layers("model.layers.2.units=16")] == [4, None, 16]


def test_a_bare_layer_key_sets_every_recurrent_layer() -> None:
    assert layers("units=5", "dropout=0.5") == [
        {"cell": "gru", "units": 5, "dropout": 0.5},
        {"kind": "dropout", "rate": 0.1},
        {"cell": "lstm", "units": 5, "dropout": 0.5},
    ]


def test_sections_that_are_not_written_are_made() -> None:
    found = changed("training.optimizer.learning_rate=1e-3", "data.dataset=languages")
    assert found["training"] == {"optimizer": {"learning_rate": 0.001}}
    assert found["data"] == {"dataset": "languages"}


def test_a_short_form_grows_into_a_mapping() -> None:
    found = changed("training.optimizer=sgd", "training.optimizer.momentum=0.9")
    assert found["training"]["optimizer"] == {"name": "sgd", "momentum": 0.9}


def test_a_value_is_yaml() -> None:
    assert changed("training={epochs: 2, optimizer: {name: sgd}}")["training"]["epochs"] == 2
    assert changed("name='5'")["name"] == "5"
    assert layers("kernel_regularizer={name: l2, l2: 1e-4}")[0]["kernel_regularizer"] == {
        "name": "l2",
        "l2": 0.0001,
    }


def test_later_settings_win() -> None:
    assert layers("units=5", "model.layers.0.units=6", "units=7")[0]["units"] == 7


def test_the_config_as_it_was_read_stays_as_it_was() -> None:
    before = tree()
    with_settings(before, [setting_from_argument("units=5"), setting_from_argument("depth=1")])
    assert before == tree()


def test_a_new_cell_drops_the_keys_that_it_lacks_and_says_so() -> None:
    settings = [setting_from_argument(text) for text in ("unit_forget_bias=false", "cell=gru")]
    with_forget_bias = read_tree(Source("c", CONFIG.replace("cell: gru", "cell: lstm")))
    found, notes = with_settings(with_forget_bias, settings)
    assert [layer.get("cell") for layer in found.value["model"]["layers"]] == ["gru", None, "gru"]
    assert notes == [
        f"`model.layers.{number}.unit_forget_bias` was dropped: `cell: gru` has no such key"
        for number in (0, 2)
    ]
    checked(found)


@pytest.mark.parametrize("key", ["bidirectional", "model.layers.0.bidirectional"])
def test_a_key_that_is_switched_off_drops_those_that_do_nothing_without_it(key: str) -> None:
    written = CONFIG.replace("cell: gru", "cell: gru, bidirectional: true, merge_mode: sum")
    off = [setting_from_argument(f"{key}=false")]
    found, notes = with_settings(read_tree(Source("c", written)), off)
    assert "merge_mode" not in found.value["model"]["layers"][0]
    assert notes == [
        "`model.layers.0.merge_mode` was dropped: it does nothing where `bidirectional` is false"
    ]
    checked(found)


@pytest.mark.parametrize(
    ("keys", "setting", "dropped"),
    [
        ("kernel_constraint: max_norm", "trainable=false", "kernel_constraint"),
        ("trainable: false, thaw_after: 2", "trainable=true", "thaw_after"),
        ("thaw_after: 2, kernel_constraint: max_norm", "trainable=false", None),
    ],
)
def test_freezing_a_layer_drops_what_only_training_needs_and_training_it_what_thaws(
    keys: str, setting: str, dropped: str | None
) -> None:
    written = read_tree(Source("c", CONFIG.replace("cell: gru", f"cell: gru, {keys}")))
    found, notes = with_settings(written, [setting_from_argument(f"model.layers.0.{setting}")])
    switch, value = setting.split("=")
    assert notes == [
        f"`model.layers.0.{key}` was dropped: it does nothing where `{switch}` is {value}"
        for key in (dropped,)
        if key
    ]
    checked(found)


def test_data_drops_the_sizes_that_a_config_without_data_states() -> None:
    without = "model: {embedding: {input_dim: 9, output_dim: 2}, input_length: 4, layers: []}"
    config = read_tree(Source("c.yaml", without))
    tree, notes = with_settings(config, [setting_from_argument("data.train=more.csv")])
    assert tree.value["model"] == {"embedding": {"output_dim": 2}, "layers": []}
    assert notes == [
        "`model.embedding.input_dim` was dropped: it follows from `data`",
        "`model.input_length` was dropped: it follows from `data`",
    ]


def test_sizes_that_are_stated_beside_data_stay() -> None:
    given = "data: {train: a.csv}\nmodel: {embedding: {input_dim: 9, output_dim: 2}, layers: []}"
    config = read_tree(Source("c.yaml", given))
    tree, notes = with_settings(config, [setting_from_argument("data.train=more.csv")])
    assert tree.value["model"]["embedding"]["input_dim"] == 9
    assert notes == []


@pytest.mark.parametrize(
    ("depth", "cells"),
    [
        (1, ["gru"]),
        (2, ["gru", "dropout", "lstm"]),
        (3, ["gru", "dropout", "lstm", "lstm"]),
    ],
)
def test_depth_repeats_the_last_recurrent_layer_or_drops_from_the_end(
    depth: int, cells: list[str]
) -> None:
    found = layers(f"depth={depth}")
    assert [layer.get("cell") or layer["kind"] for layer in found] == cells


def test_layers_that_depth_adds_know_where_they_were_written() -> None:
    wrong = read_tree(Source("config.yaml", CONFIG.replace("units: 8", "units: x")))
    found, _ = with_settings(wrong, [setting_from_argument("depth=3")])
    with pytest.raises(ConfigError) as caught:
        checked(found)
    assert [str(problem.place) for problem in caught.value.problems] == ["config.yaml:6:27"]


def test_every_key_of_a_recurrent_layer_can_be_set_bare() -> None:
    assert {"cell", "units", "bidirectional", "dropout", "reset_after"} <= LAYER_KEYS


@pytest.mark.parametrize(("argument", "message"), cases("set"))
def test_a_wrong_setting_is_shown_on_the_command_line(argument: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        changed(argument)
    assert str(caught.value) == message


def test_every_setting_that_cannot_be_applied_is_reported() -> None:
    settings = [setting_from_argument(text) for text in ("unit=5", "dept=2", "units=5")]
    with pytest.raises(ConfigError) as caught:
        with_settings(tree(), settings)
    assert [problem.hint for problem in caught.value.problems] == [
        "did you mean `units`?",
        "did you mean `depth`?",
    ]


def test_a_setting_of_a_program_is_shown_as_it_would_be_written() -> None:
    found, _ = with_settings(tree(), [setting_from_program("model.layers.0.units", "x")])
    with pytest.raises(ConfigError) as caught:
        checked(found)
    assert str(caught.value) == (
        'settings: `units` must be a whole number, found `"x"`\n'
        "   | model.layers.0.units='x'\n"
        "   |                      ^^^"
    )


def test_a_wrong_value_of_a_short_option_is_shown_as_it_was_typed() -> None:
    setting = setting_from_option("--batch-size", "training.batch_size", "0")
    with pytest.raises(ConfigError) as caught:
        checked(with_settings(tree(), [setting])[0])
    assert str(caught.value).splitlines() == [
        "command line: `batch_size` must be at least 1, found `0`",
        "   | --batch-size 0",
        "   |              ^",
    ]
