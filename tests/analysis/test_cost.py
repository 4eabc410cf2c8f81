"""The figures that everybody who has seen the notebook knows."""

import pytest

from rnnbuild.analysis.cells import (
    GRU_RESET_AFTER,
    GRU_RESET_BEFORE,
    LSTM,
    SIMPLE_RNN,
    Cell,
    multiply_adds,
    parameters,
)
from rnnbuild.analysis.cost import cost_of
from rnnbuild.config.load import config_of
from rnnbuild.config.resolve import resolve


@pytest.mark.parametrize(
    ("cell", "bidirectional", "depth", "total"),
    [
        ("simple_rnn", False, 1, 586),
        ("simple_rnn", False, 2, 641),
        ("gru", False, 1, 761),
        ("gru", False, 2, 941),
        ("lstm", False, 1, 826),
        ("lstm", False, 2, 1046),
        ("simple_rnn", True, 1, 671),
        ("simple_rnn", True, 2, 831),
        ("gru", True, 1, 1021),
        ("gru", True, 2, 1531),
        ("lstm", True, 1, 1151),
        ("lstm", True, 2, 1791),
    ],
)
def test_the_notebooks_model_has_its_known_number_of_parameters(
    cell: str, bidirectional: bool, depth: int, total: int
) -> None:
    layer = {"cell": cell, "units": 5, "bidirectional": bidirectional}
    model = {
        "embedding": {"input_dim": 50, "output_dim": 10},
        "input_length": 50,
        "layers": [layer] * depth,
        "head": {"units": 1, "activation": "sigmoid"},
    }
    assert cost_of(resolve(config_of({"model": model}))).parameters == total


@pytest.mark.parametrize(
    ("cell", "blocks", "biases", "use_bias"),
    [
        (SIMPLE_RNN, 1, 1, True),
        (GRU_RESET_AFTER, 3, 6, True),
        (GRU_RESET_BEFORE, 3, 3, True),
        (GRU_RESET_AFTER, 3, 0, False),
        (LSTM, 4, 4, True),
    ],
)
@pytest.mark.parametrize(("d", "u"), [(1, 1), (10, 5), (64, 128)])
def test_a_cells_parameters_follow_its_textbook_formula(
    cell: Cell, blocks: int, biases: int, use_bias: bool, d: int, u: int
) -> None:
    assert parameters(cell, d, u, use_bias) == blocks * u * (d + u) + biases * u
    assert multiply_adds(cell, d, u) == blocks * u * (d + u)
