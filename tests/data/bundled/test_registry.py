"""What every bundled dataset has in common, and the options that each declares."""

import inspect
from itertools import combinations
from pathlib import Path
from typing import Any, get_args

import pytest

from rnnbuild.config.load import checked
from rnnbuild.config.places import Source
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.config.yaml_tree import read_tree
from rnnbuild.data.bundled.card import OptionName
from rnnbuild.data.bundled.registry import DATASETS, bundled_dataset, bundled_rows, options_of
from rnnbuild.errors import DataError
from tests.data.bundled.contents import contents, digest, made
from tests.data.bundled.test_series import SERIES

every_dataset = pytest.mark.parametrize("name", DATASETS)
RUNNING = [name for name in DATASETS if DATASETS[name].card.task == "language-model"]
OF_ROWS = [name for name in DATASETS if name not in (*SERIES, *RUNNING)]
every_dataset_of_rows = pytest.mark.parametrize("name", OF_ROWS)


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
    with pytest.raises(
        DataError, match="`size` of `amazon` must be at least 20 and at most 200,000, found 3"
    ) as caught:
        bundled_rows(data_of("{dataset: amazon, size: 3}"))
    assert str(caught.value.problems[0].place) == "some.yaml:2:31"


def test_more_than_fits_in_memory_is_refused_before_it_is_made():
    with pytest.raises(DataError, match="200,000 sequences of length 500 are more than") as caught:
        bundled_rows(data_of("{dataset: parity, size: 200000, length: 500}"))
    assert str(caught.value.problems[0].place) == "some.yaml:2:47"


def test_stated_options_replace_the_defaults_and_only_those():
    amazon = DATASETS["amazon"]
    assert options_of(amazon, DataConfig(dataset="amazon", seed=9)) == {
        **amazon.defaults,
        "seed": 9,
    }


def test_an_unknown_name_is_refused_with_the_nearest_one():
    with pytest.raises(DataError, match="did you mean `amazon`"):
        bundled_dataset("amazn")


SMALL = 300
DIGESTS = {
    "adding": "c6a5ce6f6c139005",
    "amazon": "a35d5611ad0d7aa2",
    "brackets": "693663bc8387afc0",
    "copy": "d3e262b7104cbf09",
    "entities": "625415001011d172",
    "intents": "647132affa1a7854",
    "languages": "64e49be84c6fe5e3",
    "parity": "184868d982f8652b",
    "parts-of-speech": "54291444ed08bc27",
    "reber": "4166bc1d16540853",
    "reviews": "933d799667dee364",
}
"""Hashes of the rows as of the last intended change of each dataset."""


def small(name: str, **options: int) -> Any:
    dataset = DATASETS[name]
    size = {"size": SMALL} if "size" in dataset.options else {}
    return made(dataset, **size, **options)


@pytest.mark.parametrize("name", DIGESTS)
def test_rows_are_the_same_on_every_machine_and_in_every_version(name):
    assert digest(small(name)) == DIGESTS[name]


@every_dataset_of_rows
def test_rows_follow_from_the_seed_alone(name):
    result = digest(small(name))
    assert digest(small(name)) == result
    if "seed" in DATASETS[name].options:
        assert digest(small(name, seed=2)) != result


@every_dataset_of_rows
def test_no_input_is_in_two_splits(name):
    inputs = [{text for text, _ in rows} for rows in contents(small(name)).values()]
    assert all(inputs)
    for one, other in combinations(inputs, 2):
        assert not one & other


@every_dataset_of_rows
def test_no_input_has_two_answers(name):
    answers: dict[str, str] = {}
    for rows in contents(small(name)).values():
        for text, target in rows:
            assert answers.setdefault(text, target) == target


@pytest.mark.parametrize("name", [n for n in OF_ROWS if "size" in DATASETS[n].options])
def test_size_is_the_number_of_rows_but_for_a_few_that_come_together(name):
    rows = contents(small(name))
    assert SMALL - 2 <= sum(map(len, rows.values())) <= SMALL
    assert len(rows["validation"]) == len(rows["test"]) == SMALL // 10


@every_dataset_of_rows
def test_the_card_gives_the_rows_that_there_are(name):
    card = DATASETS[name].card
    rows = contents(made(DATASETS[name]))
    assert tuple(map(len, rows.values())) == card.rows
    assert card.name == name
    assert all((card.title, card.origin, card.licence, card.teaches, card.best))
    assert card.reached or name not in DIGESTS


@pytest.mark.parametrize("name", [n for n in OF_ROWS if "size" in DATASETS[n].options])
@pytest.mark.parametrize("size", [0, 1, 7])
def test_every_range_is_one_that_rows_can_be_made_in(name, size):
    dataset = DATASETS[name]
    least = dataset.options["size"].least + size
    rows = contents(dataset.load(**{**dataset.defaults, "size": least}))
    assert all(rows.values())
