"""A text is divided in the order of its tokens: training, validation, test."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbuild.config.schema.data import SplitConfig
from rnnbuild.data.running_text.split import divided
from rnnbuild.errors import DataError

AMOUNTS = st.integers(0, 40) | st.floats(0, 0.99)


@given(count=st.integers(0, 100), validation=AMOUNTS, test=AMOUNTS)
def test_the_splits_are_the_text_in_order_and_training_has_something(
    count: int, validation: float, test: float
) -> None:
    split = SplitConfig.model_construct(validation=validation, test=test)
    tokens = range(count)
    try:
        parts = divided(tokens, split, True, True, "character")
    except DataError as error:
        assert "none would be left to train on" in str(error)
        return
    assert [*parts["train"], *parts["validation"], *parts["test"]] == list(tokens)
    assert list(parts["train"]) or not count
    for amount, name in ((validation, "validation"), (test, "test")):
        size = len(parts["validation" if name == "validation" else "test"])
        if isinstance(amount, int):
            assert size == amount
        else:
            assert size == pytest.approx(amount * count, abs=1)


def test_a_split_with_files_of_its_own_takes_nothing_of_the_text() -> None:
    split = SplitConfig.model_validate({"validation": 0.1, "test": 0.2})
    parts = divided(range(100), split, False, True, "word")
    assert [len(parts[name]) for name in ("train", "validation", "test")] == [80, 0, 20]  # type: ignore[index]
    parts = divided(range(100), split, False, False, "word")
    assert len(parts["train"]) == 100


@pytest.mark.parametrize(("validation", "test"), [(60, 40), (0.6, 0.5), (100, 0), (1000, 0.1)])
def test_without_a_token_to_train_on_it_is_one_error(validation: float, test: float) -> None:
    split = SplitConfig.model_construct(validation=validation, test=test)
    with pytest.raises(DataError, match=r"of 100 bytes, .* none would be left to train on"):
        divided(range(100), split, True, True, "byte")
