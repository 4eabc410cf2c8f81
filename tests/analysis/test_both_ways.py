"""What reading both ways costs, by Keras' own counts of both models."""

from typing import Any

import pytest

from rnnbuild.analysis.both_ways import doubling_of, waits_for_the_end
from rnnbuild.config.stack import StackLayer
from rnnbuild.models.build import build_model
from tests.models.small import layer, small_config


def stack(bidirectional: bool, **keys: Any) -> list[dict[str, Any]]:
    first = {"bidirectional": True, **keys} if bidirectional else {}
    return [layer("gru", **first), {"kind": "layer_normalization"}, layer("lstm")]


@pytest.mark.parametrize("merge_mode", ["concat", "sum"])
def test_a_layer_doubles_and_what_follows_grows_by_what_keras_counts(merge_mode: str) -> None:
    resolved = small_config(*stack(True, merge_mode=merge_mode))
    both, one = build_model(resolved), build_model(small_config(*stack(False)))
    found = doubling_of(resolved, 1)
    assert (found.layer, found.layer_one_way) == (
        both.layers[1].count_params(),
        one.layers[1].count_params(),
    )
    assert found.layer == 2 * found.layer_one_way
    assert (found.total, found.total_one_way) == (both.count_params(), one.count_params())
    assert found.following == sum(known.count_params() for known in both.layers[2:])
    assert found.following_one_way == sum(known.count_params() for known in one.layers[2:])


def waiting(*layers: dict[str, Any], **sections: Any) -> list[str]:
    found: tuple[StackLayer, ...] = small_config(*layers, **sections).stack
    return [known.name for known in found if waits_for_the_end(known.spec)]


def test_a_layer_that_reads_from_the_end_must_wait_for_it() -> None:
    layers = layer("gru"), layer("lstm", bidirectional=True), layer("gru", go_backwards=True)
    assert waiting(*layers) == ["bidirectional_lstm", "gru_2"]


def test_forward_layers_and_pooling_need_not_wait() -> None:
    assert waiting(layer("gru"), {"kind": "layer_normalization"}, pooling="mean") == []
