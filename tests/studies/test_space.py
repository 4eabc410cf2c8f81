"""A space as its plan records it reads back as the same, and trials as what a shell would say."""

import shlex
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbuild.config.ranges import parsed_range
from rnnbuild.config.settings import setting_from_argument
from rnnbuild.config.variants import parsed_axis
from rnnbuild.config.written import inline_text
from rnnbuild.studies.space import (
    contains,
    dimension_text,
    label_of_trial,
    planned_dimension,
    set_arguments,
    settings_of,
    value_of,
)

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text("ab c", max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(VALUES)
def test_a_value_on_one_line_reads_back_as_itself(value: Any) -> None:
    text = inline_text(value)
    assert "\n" not in text
    assert repr(value_of(text)) == repr(value)


@pytest.mark.parametrize(
    "text",
    ["units=16..256:log", "units=16..64:step=16", "dropout=0..0.5", "a.b=1e-05..0.01:log"],
)
def test_a_range_is_written_as_it_is_typed(text: str) -> None:
    assert dimension_text(planned_dimension(parsed_range(text))) == text


@pytest.mark.parametrize(
    "text",
    ["cell=gru,lstm", "training.optimizer=adam,{name: sgd, momentum: 0.9}", "name='2',null,[1, 2]"],
)
def test_a_choice_is_written_as_it_is_typed(text: str) -> None:
    assert dimension_text(planned_dimension(parsed_axis(text, "--choose"))) == text


def test_a_trial_is_labelled_and_set_on_the_command_line() -> None:
    optimizer = "{name: sgd, momentum: 0.9}"
    parameters: dict[str, Any] = {"units": 57, "training.optimizer": optimizer, "cell": "gru"}
    assert label_of_trial(parameters) == "units=57, optimizer=sgd, cell=gru"
    words = [word for text in set_arguments(parameters) for word in shlex.split(text)]
    assert words[::2] == ["--set"] * 3
    again = [setting_from_argument(word) for word in words[1::2]]
    assert [(each.key, each.value) for each in again] == [
        (each.key, each.value) for each in settings_of(parameters)
    ]


def test_numbers_of_a_range_with_steps_are_those_that_its_steps_reach() -> None:
    tenths = planned_dimension(parsed_range("dropout=0.1..0.7:step=0.1"))
    assert all(contains(tenths, 0.1 * number) for number in range(1, 7))
    assert not any(contains(tenths, number) for number in (0.05, 0.15, 0.6999, 0.8))
    close = planned_dimension(parsed_range("seconds=1000000..1000001:step=0.000001"))
    assert contains(close, 1000000.123457)
    assert not contains(close, 1000000.1234565)
