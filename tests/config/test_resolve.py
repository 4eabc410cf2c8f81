"""What follows from the data, and where a config contradicts it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from rnnbuild.config.load import checked, config_of
from rnnbuild.config.places import Source
from rnnbuild.config.resolve import resolve
from rnnbuild.config.schema import Config
from rnnbuild.config.yaml_tree import read_tree
from rnnbuild.errors import ConfigError
from rnnbuild.tasks.facts import DataFacts
from tests.strategies import configs, configs_and_facts

TEXT = """\
name: small
model:
  embedding: {output_dim: 4}
  layers:
    - {cell: gru, units: 3}
"""
TWO = DataFacts(
    task="classify", labels=("no", "yes"), vocabulary_size=20, longest=7, rows=(8, 1, 1)
)
THREE = replace(TWO, labels=("a", "b", "c"))
TAGS = replace(THREE, task="tag")


def read(text: str) -> Config:
    return checked(read_tree(Source("config.yaml", text)))


def with_model(line: str) -> str:
    return f"{TEXT}  {line}\n"


@pytest.mark.parametrize(
    ("facts", "units", "activation", "pooling"),
    [
        (TWO, 1, "sigmoid", "last"),
        (THREE, 3, "softmax", "last"),
        (replace(THREE, multi_label=True), 3, "sigmoid", "last"),
        (replace(TWO, multi_label=True), 2, "sigmoid", "last"),
        (TAGS, 3, "softmax", None),
        (replace(TWO, task="tag"), 2, "softmax", None),
    ],
)
def test_sizes_follow_from_the_data(
    facts: DataFacts, units: int, activation: str, pooling: str | None
) -> None:
    model = resolve(read(TEXT), facts).config.model
    assert model.embedding is not None
    assert (model.embedding.input_dim, model.input_length) == (20, 7)
    assert (model.head.units, model.head.activation) == (units, activation)
    assert model.pooling == pooling


def test_two_labels_may_have_two_units() -> None:
    for line in ("head: {units: 2}", "head: {activation: softmax}"):
        head = resolve(read(with_model(line)), TWO).config.model.head
        assert (head.units, head.activation) == (2, "softmax")


def test_the_last_recurrent_layer_ends_the_sequence_unless_every_step_is_needed() -> None:
    text = TEXT + "    - {cell: lstm, units: 2}\n"

    def ends(facts: DataFacts, more: str = "") -> list[bool]:
        stack = resolve(read(text + more), facts).stack
        return [layer.return_sequences for layer in stack if layer.name in ("gru", "lstm")]

    assert ends(THREE) == [True, False]
    assert ends(TAGS) == [True, True]
    assert ends(THREE, "  pooling: mean\n") == [True, True]


def test_layers_have_the_names_a_person_would_give() -> None:
    text = TEXT + (
        "    - {kind: dropout, rate: 0.1}\n    - {cell: gru, units: 3, bidirectional: true}\n"
        "    - {cell: gru, units: 3}\n  head: {hidden: [4, 4]}\n"
    )
    assert [layer.name for layer in resolve(read(text), THREE).stack] == [
        "embedding",
        "gru_1",
        "dropout",
        "bidirectional_gru",
        "gru_2",
        "hidden_1",
        "hidden_2",
        "head",
    ]


CONTRADICTIONS = [
    (
        with_model("head: {activation: sigmoid}"),
        THREE,
        "config.yaml:6:22: `activation: sigmoid` contradicts the data: classify with 3 labels "
        "takes `softmax`",
    ),
    (
        with_model("head: {units: 1}"),
        THREE,
        "config.yaml:6:17: `units: 1` contradicts the data: 3 labels take 3 units with `softmax`",
    ),
    (
        with_model("head: {units: 2, activation: sigmoid}"),
        TWO,
        "config.yaml:6:17: `units: 2` contradicts the data: 2 labels take 1 unit with `sigmoid`",
    ),
    (
        "task: tag\n" + TEXT,
        THREE,
        "config.yaml:1:7: `task: tag` contradicts the data, which is for `classify`",
    ),
    (
        with_model("pooling: mean"),
        TAGS,
        "config.yaml:6:12: `pooling` ends the sequence, but `tag` answers at every step",
    ),
    (
        with_model("input_length: 9"),
        TWO,
        "config.yaml:6:17: `input_length: 9` contradicts the data, whose longest training "
        "sequence has 7 steps",
    ),
    (
        TEXT.replace("output_dim", "input_dim: 10, output_dim"),
        TWO,
        "config.yaml:3:26: `input_dim` is 10, but the data has 20 ids "
        "(padding and unknown among them)",
    ),
    (
        TEXT.replace("units: 3}", "units: 3, go_backwards: true}\n    - {cell: gru, units: 3}"),
        TWO,
        "config.yaml:5:43: `go_backwards` turns the steps round, but not the mask of padding: it "
        "is for the layer in which the sequence ends",
    ),
    (
        TEXT.replace("  embedding: {output_dim: 4}\n", ""),
        TWO,
        "config.yaml:2:1: text needs `model.embedding`, and there is none",
    ),
]


@pytest.mark.parametrize(("text", "facts", "message"), CONTRADICTIONS)
def test_what_contradicts_the_data_is_shown_where_it_is_written(
    text: str, facts: DataFacts, message: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        resolve(read(text), facts)
    (problem,) = caught.value.problems
    assert f"{problem.place}: {problem.message}" == message
    assert problem.hint is not None


def test_all_contradictions_are_reported_at_once() -> None:
    text = "task: tag\n" + with_model("head: {units: 1}\n  input_length: 9")
    with pytest.raises(ConfigError) as caught:
        resolve(read(text), THREE)
    lines = sorted(problem.place.line for problem in caught.value.problems if problem.place)
    assert lines == [1, 7, 8]


def test_without_data_every_size_that_a_weight_depends_on_has_to_be_stated() -> None:
    with pytest.raises(ConfigError) as caught:
        resolve(read(TEXT))
    assert [problem.message.partition(" is missing")[0] for problem in caught.value.problems] == [
        "`model.embedding.input_dim`",
        "`model.head.units`",
    ]


def test_a_number_of_steps_is_asked_for_only_by_what_needs_it() -> None:
    resolved = resolve(read(with_model("head: {units: 1}").replace("{out", "{input_dim: 9, out")))
    assert resolved.input_length is None
    with pytest.raises(ConfigError, match=r"`model\.input_length` is missing"):
        _ = resolved.steps


@given(configs())
@settings(max_examples=60, deadline=None)
def test_a_config_that_states_its_sizes_needs_no_data(values: dict[str, Any]) -> None:
    resolved = resolve(config_of(values))
    assert resolved.input_length == values["model"]["input_length"]
    assert resolve(resolved.config).stack == resolved.stack


@given(configs_and_facts())
@settings(max_examples=60, deadline=None)
def test_resolving_what_is_resolved_changes_nothing(
    drawn: tuple[dict[str, Any], DataFacts],
) -> None:
    values, facts = drawn
    once = resolve(config_of(values), facts)
    again = resolve(once.config, facts)
    assert again.stack == once.stack
    assert again.config.model_dump() == once.config.model_dump()
