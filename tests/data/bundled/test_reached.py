"""What a card says was reached belongs to the config of the same name."""

import re

import pytest

from rnnbuild.config.bundled import bundled_config_names
from rnnbuild.config.load import load_config
from rnnbuild.config.schema.layers import RecurrentArguments
from rnnbuild.data.bundled.registry import DATASETS

NAMES = sorted(set(DATASETS) & set(bundled_config_names()))


@pytest.mark.parametrize("name", NAMES)
def test_the_first_epochs_and_units_that_a_card_names_are_the_configs(name: str) -> None:
    reached, config = DATASETS[name].card.reached, load_config(name)
    epochs = re.search(r"(\d+) epochs", reached)
    units = re.search(r"GRU of (\d+)", reached)
    layers = [layer for layer in config.model.layers if isinstance(layer, RecurrentArguments)]
    if epochs is not None:
        assert int(epochs[1]) == config.training.epochs
    if units is not None:
        assert int(units[1]) in {layer.units for layer in layers}


def test_most_cards_name_epochs() -> None:
    assert sum("epochs" in DATASETS[name].card.reached for name in NAMES) >= 12
