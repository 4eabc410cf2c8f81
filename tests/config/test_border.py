"""Encoder and decoder in `model.layers`, and the border between them."""

from typing import Any

import pytest

from rnnbuild.config.keys import with_settings
from rnnbuild.config.load import checked, config_of
from rnnbuild.config.places import NOWHERE
from rnnbuild.config.resolve import resolve
from rnnbuild.config.settings import setting_from_argument
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.config.yaml_tree import Tree
from rnnbuild.errors import ConfigError
from rnnbuild.tasks.facts import DataFacts

BORDER = {"kind": "repeat_vector"}
GRU = {"cell": "gru", "units": 3}
LSTM = {"cell": "lstm", "units": 4}
DROPOUT = {"kind": "dropout", "rate": 0.1}
FACTS = DataFacts(
    task="translate",
    vocabulary_size=9,
    target_vocabulary_size=7,
    longest_target=5,
    longest=6,
    rows=(3, 0, 0),
)


def written(layers: list[Any], **sections: Any) -> dict[str, Any]:
    model = {"embedding": {"output_dim": 4}, "layers": layers} | sections.pop("model", {})
    return {"name": "small", "model": model} | sections


def resolved(layers: list[Any], facts: DataFacts = FACTS, **sections: Any) -> ResolvedConfig:
    return resolve(config_of(written(layers, **sections)), facts)


def problem_of(layers: list[Any], facts: DataFacts = FACTS, **sections: Any) -> str:
    with pytest.raises(ConfigError) as caught:
        resolved(layers, facts, **sections)
    (problem,) = caught.value.problems
    return str(problem)


def test_the_encoder_answers_once_and_the_decoder_at_every_step() -> None:
    found = resolved([LSTM, GRU, DROPOUT, BORDER, GRU, DROPOUT, LSTM])
    assert [(layer.name, layer.return_sequences) for layer in found.stack] == [
        ("embedding", False),
        ("lstm_1", True),
        ("gru_1", False),
        ("dropout_1", False),
        ("repeat_vector", False),
        ("gru_2", True),
        ("dropout_2", False),
        ("lstm_2", True),
        ("head", False),
    ]


def test_the_decoder_takes_the_longest_target_and_its_end_mark_and_the_head_every_target_id() -> (
    None
):
    found = resolved([GRU, BORDER, GRU])
    assert found.config.model.layers[1].n == 6  # type: ignore[union-attr]
    assert found.config.model.head.units == 7
    assert found.config.model.head.activation == "softmax"
    assert resolve(found.config, FACTS).stack == found.stack


def test_a_model_without_data_states_its_sizes_and_the_border_makes_it_translate() -> None:
    sizes = {"embedding": {"input_dim": 9, "output_dim": 4}, "input_length": 5}
    values = written([GRU, BORDER | {"n": 6}, GRU], model=sizes | {"head": {"units": 1}})
    found = resolve(config_of(values))
    assert found.task == "translate"
    assert found.config.model.head.activation == "softmax"
    del values["model"]["layers"][1]["n"]
    with pytest.raises(ConfigError, match="`n` of `repeat_vector` is missing"):
        resolve(config_of(values | {"model": values["model"]}))


def test_steps_that_contradict_the_targets_are_refused() -> None:
    assert "with its end mark, 6" in problem_of([GRU, BORDER | {"n": 5}, GRU])
    resolved([GRU, BORDER | {"n": 6}, GRU])


def test_translate_without_a_border_is_shown_how_it_is_written() -> None:
    assert "- {kind: repeat_vector}" in problem_of([GRU, GRU])


def test_a_border_is_an_error_in_every_other_task() -> None:
    facts = DataFacts(task="tag", labels=("a", "b"), vocabulary_size=9, longest=3, rows=(3, 0, 0))
    assert "`tag` has none" in problem_of([GRU, BORDER, GRU], facts)


def test_encoder_and_decoder_each_need_a_recurrent_layer() -> None:
    assert "so no encoder" in problem_of([DROPOUT, BORDER, GRU])
    assert "without a decoder" in problem_of([GRU, BORDER, DROPOUT])


def test_a_second_border_is_refused() -> None:
    assert "a second `repeat_vector`" in problem_of([GRU, BORDER, GRU, BORDER, GRU])


def test_pooling_is_refused_since_a_decoder_answers_at_every_step() -> None:
    assert "`pooling` ends the sequence" in problem_of(
        [GRU, BORDER, GRU], model={"pooling": "mean"}
    )


def test_only_the_last_layer_of_the_encoder_may_go_backwards() -> None:
    backwards = GRU | {"go_backwards": True}
    resolved([GRU, backwards, BORDER, GRU])
    assert "of the encoder" in problem_of([backwards, GRU, BORDER, GRU])
    assert "of the encoder" in problem_of([GRU, BORDER, backwards])


@pytest.mark.parametrize("kind", ["spatial_dropout", "step_dropout"])
def test_dropout_of_a_sequence_needs_one_before_or_after_the_border(kind: str) -> None:
    dropout = {"kind": kind, "rate": 0.1}
    resolved([dropout, GRU, BORDER, dropout, GRU, dropout])
    problem = problem_of([GRU, dropout, BORDER, GRU])
    assert kind.replace("_", " ") in problem and "the encoder answers once" in problem


@pytest.mark.parametrize(
    ("layers", "depth", "kinds"),
    [
        ([GRU, BORDER, LSTM], 2, "gru gru repeat_vector lstm lstm"),
        ([GRU, DROPOUT, GRU, BORDER, LSTM, LSTM], 1, "gru repeat_vector lstm"),
        ([GRU, BORDER, LSTM, DROPOUT], 2, "gru gru repeat_vector lstm lstm dropout"),
        ([GRU, GRU, BORDER, DROPOUT, LSTM], 2, "gru gru repeat_vector dropout lstm lstm"),
    ],
)
def test_depth_is_that_of_the_encoder_and_of_the_decoder(
    layers: list[Any], depth: int, kinds: str
) -> None:
    tree = Tree(written(layers), NOWHERE)
    changed, _ = with_settings(tree, [setting_from_argument(f"depth={depth}")])
    found = checked(changed).model.layers
    named = [getattr(layer, "cell", None) or layer.kind for layer in found]  # type: ignore[union-attr]
    assert named == kinds.split()
