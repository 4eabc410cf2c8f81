"""`--vary` and `variants:`: every combination, its label, and the place of what is wrong in it."""

import pytest

from rnnbuild.config.places import Source
from rnnbuild.config.variants import (
    MOST_VARIANTS,
    Variant,
    label_of,
    parsed_axis,
    variants_of,
    written_axes,
)
from rnnbuild.config.yaml_tree import Tree, read_tree
from rnnbuild.errors import ConfigError
from tests.config.messages import cases
from tests.config.test_keys import CONFIG


def read(text: str = CONFIG) -> Tree:
    return read_tree(Source("config.yaml", text))


def variants(*arguments: str) -> list[Variant]:
    return variants_of(read(), [parsed_axis(argument) for argument in arguments])


def test_without_axes_the_one_variant_is_the_config() -> None:
    (only,) = variants()
    assert (only.label, only.config.name) == ("", "small")


def test_every_combination_is_a_variant_and_the_last_axis_changes_fastest() -> None:
    found = variants("cell=simple_rnn,gru,lstm", "bidirectional=false,true", "depth=1,2,3")
    assert len(found) == 18
    assert [variant.label for variant in found[:4]] == [
        "cell=simple_rnn, bidirectional=false, depth=1",
        "cell=simple_rnn, bidirectional=false, depth=2",
        "cell=simple_rnn, bidirectional=false, depth=3",
        "cell=simple_rnn, bidirectional=true, depth=1",
    ]
    assert len({variant.label for variant in found}) == 18


def test_depth_comes_first_so_that_keys_reach_the_layers_it_adds() -> None:
    found = variants("units=3", "depth=4")[0].config.model.layers
    assert [layer.units for layer in found if hasattr(layer, "units")] == [3, 3, 3, 3]


def test_a_label_has_the_last_part_of_a_key_and_the_name_of_a_mapping() -> None:
    found = variants("training.optimizer=adam,{name: sgd, momentum: 0.9}", "name=a,'2'")
    assert [variant.label for variant in found] == [
        "optimizer=adam, name=a",
        "optimizer=adam, name=2",
        "optimizer=sgd, name=a",
        "optimizer=sgd, name=2",
    ]
    assert variants("kernel_regularizer=null")[0].label == "kernel_regularizer=null"


def test_alternatives_may_hold_commas_within_brackets() -> None:
    found = variants("model.head.hidden=[8],[16, 8]")
    assert [len(variant.config.model.head.hidden) for variant in found] == [1, 2]


def test_a_variant_says_what_its_cell_left_out() -> None:
    text = CONFIG.replace("units: 4", "units: 4, reset_after: false")
    gru, lstm = variants_of(read(text), [parsed_axis("cell=gru,lstm")])
    assert gru.notes == ()
    assert lstm.notes == ("`model.layers.0.reset_after` was dropped: `cell: lstm` has no such key",)


def test_the_variants_of_a_config_are_read_from_its_own_section() -> None:
    tree = read(CONFIG + "variants:\n  cell: [gru, lstm]\n  training.epochs: [1, 2]\n")
    found = variants_of(tree, written_axes(tree))
    assert [variant.label for variant in found] == [
        "cell=gru, epochs=1",
        "cell=gru, epochs=2",
        "cell=lstm, epochs=1",
        "cell=lstm, epochs=2",
    ]
    assert all(not variant.config.variants for variant in found)
    assert written_axes(read()) == []


def test_problems_of_written_variants_are_where_they_are_written() -> None:
    tree = read(CONFIG + "variants:\n  units: [4, x]\n  dept: [1]\n  cell: [gru, gro]\n")
    with pytest.raises(ConfigError) as caught:
        variants_of(tree, written_axes(tree))
    places = {str(problem.place) for problem in caught.value.problems}
    assert places == {"config.yaml:8:14", "config.yaml:9:3", "config.yaml:10:15"}


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ("[1]", "`variants` must be a mapping of keys to lists, found a list of 1"),
        ("{units: 5}", "`variants.units` must be a list of alternatives, found `5`"),
        ("{units: []}", "`variants.units` must be a list of alternatives, found an empty list"),
    ],
)
def test_a_section_of_variants_is_lists_under_keys(section: str, message: str) -> None:
    with pytest.raises(ConfigError, match=r"^config\.yaml:7:") as caught:
        written_axes(read(f"{CONFIG}variants: {section}\n"))
    assert caught.value.problems[0].message == message


@pytest.mark.parametrize(("argument", "message"), cases("vary"))
def test_a_wrong_alternative_is_shown_on_the_command_line(argument: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        variants(argument)
    assert str(caught.value) == message


def test_a_key_is_varied_once() -> None:
    with pytest.raises(ConfigError, match="`units` is varied twice") as raised:
        variants("units=8,16", "units=4")
    assert raised.value.problems[0].hint == (
        "list all its alternatives at once: `--vary units=A,B,C`"
    )


def test_too_many_variants_are_refused_before_they_are_made() -> None:
    keys = ("model.layers.0.units", "training.batch_size", "training.epochs")
    axes = [f"{key}={','.join(map(str, range(1, 101)))}" for key in keys]
    with pytest.raises(ConfigError, match=f"1,000,000 variants; at most {MOST_VARIANTS:,}"):
        variants(*axes)


@pytest.mark.parametrize(
    ("settings", "label"),
    [
        ((("model.layers.0.units", 8), ("cell", "gru")), "units=8, cell=gru"),
        ((("model.layers.0", {"cell": "gru", "units": 8}),), "layers.0={cell: gru, units: 8}"),
        ((("training.optimizer", {"name": "sgd"}),), "optimizer=sgd"),
        ((("training.optimizer", {"name": "adam", "learning_rate": 0.01}),), "optimizer=adam"),
    ],
)
def test_a_label_identifies_a_variant(settings: tuple[tuple[str, object], ...], label: str) -> None:
    assert label_of(settings) == label


def test_labels_that_would_be_equal_have_whole_mappings() -> None:
    found = variants("training.optimizer={name: sgd, momentum: 0.9},{name: sgd, momentum: 0.5}")
    assert [variant.label for variant in found] == [
        "optimizer={name: sgd, momentum: 0.9}",
        "optimizer={name: sgd, momentum: 0.5}",
    ]
