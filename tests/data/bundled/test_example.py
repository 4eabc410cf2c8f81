"""An input to try, of each bundled dataset of rows."""

import pytest

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.bundled.example import LEAST, bundled_example
from rnnbuild.data.bundled.registry import DATASETS

TEXTS = [name for name, dataset in DATASETS.items() if dataset.card.level is not None]


@pytest.mark.parametrize("name", TEXTS)
def test_an_example_is_one_that_a_model_of_the_whole_dataset_can_read(name: str) -> None:
    example = bundled_example(DataConfig(dataset=name))
    assert isinstance(example, str)
    assert len(example) < 500
    dataset = DATASETS[name]
    splits = dataset.load(**dataset.defaults)
    texts = [" ".join(words) for words in splits.train.words] or splits.train.texts
    parts_of = set if dataset.card.level == "character" else lambda text: set(text.split())
    parts, known = parts_of(example), parts_of("\n".join(texts))
    assert len(parts - known) <= len(parts) / 5  # rare names of people and places


@pytest.mark.parametrize("data", [DataConfig(dataset="co2"), DataConfig(train="mine.csv")])
def test_series_and_files_of_ones_own_have_no_row_to_try(data: DataConfig) -> None:
    assert bundled_example(data) is None


def test_a_sequence_of_numbers_is_a_row_of_the_dataset_with_its_two_marks() -> None:
    example = bundled_example(DataConfig(dataset="adding", length=7))
    assert isinstance(example, list)
    numbers, marks = zip(*example, strict=True)
    assert sorted(marks) == [0] * 5 + [1] * 2
    assert len(set(numbers)) == 7
    assert 0 <= min(numbers) <= max(numbers) <= 1


def test_short_rows_are_taken_where_there_are_no_longer_ones() -> None:
    example = bundled_example(DataConfig(dataset="addition"))
    assert example is not None
    assert len(example) < LEAST
