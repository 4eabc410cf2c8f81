"""What every bundled dataset has in common, and the options that each declares."""

import inspect
from pathlib import Path
from typing import get_args

import pytest

from rnnbuild.config.load import checked
from rnnbuild.config.places import Source
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.config.yaml_tree import read_tree
from rnnbuild.data.bundled.card import OptionName
from rnnbuild.data.bundled.registry import DATASETS, bundled, bundled_rows, options_of
from rnnbuild.errors import DataError

every_dataset = pytest.mark.parametrize("name", DATASETS)


def data_of(text: str) -> DataConfig:
    model = "model: {embedding: {output_dim: 4}, layers: [{cell: gru, units: 4}]}"
    source = Source("some.yaml", f"name: some\ndata: {text}\n{model}\n")
    data = checked(read_tree(source)).data
    assert data is not None
    return data


@every_dataset
def test_a_dataset_is_made_from_exactly_the_options_it_declares(name):
    dataset = DATASETS[name]
    assert set(inspect.signature(dataset.load).parameters) == set(dataset.options)
    assert set(dataset.options) <= set(get_args(OptionName))
    for option in dataset.options.values():
        assert option.least <= option.default
        assert option.most is None or option.default <= option.most


@every_dataset
def test_the_files_that_a_dataset_follows_from_are_there(name):
    sources = DATASETS[name].sources
    assert sources
    assert all(isinstance(source, Path) and source.is_file() for source in sources)


def test_an_option_that_a_dataset_does_not_take_is_refused_at_its_place():
    with pytest.raises(DataError) as caught:
        bundled_rows(data_of("{dataset: languages, size: 100, length: 7}"))
    length, size = caught.value.problems
    assert str(length.place) == "some.yaml:2:47"
    assert size.place is not None and (size.place.line, size.place.column) == (2, 34)
    assert "`size` has no effect on the bundled dataset `languages`" in str(size)


def test_a_value_that_a_dataset_cannot_be_made_with_is_refused_with_its_range():
    with pytest.raises(DataError, match="`size` of `amazon` is at least 20, found 3") as caught:
        bundled_rows(data_of("{dataset: amazon, size: 3}"))
    assert str(caught.value.problems[0].place) == "some.yaml:2:31"


def test_stated_options_replace_the_defaults_and_only_those():
    amazon = DATASETS["amazon"]
    assert options_of(amazon, DataConfig(dataset="amazon", seed=9)) == {
        **amazon.defaults,
        "seed": 9,
    }


def test_an_unknown_name_is_refused_with_the_nearest_one():
    with pytest.raises(DataError, match="did you mean `amazon`"):
        bundled("amazn")
