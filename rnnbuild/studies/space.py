"""The space of a search, as its plan records it, and the values that a trial chooses in it."""

from collections.abc import Mapping, Sequence
from math import ulp
from typing import Any

from rnnbuild.config.places import Source
from rnnbuild.config.ranges import Range
from rnnbuild.config.settings import Setting, setting_from_program
from rnnbuild.config.space import Dimension
from rnnbuild.config.variants import label_of
from rnnbuild.config.written import inline_text
from rnnbuild.config.yaml_tree import read_tree
from rnnbuild.runs.search.search_file import PlannedChoice, PlannedRange
from rnnbuild.visible import shell_word

PlannedDimension = PlannedRange | PlannedChoice
Parameters = Mapping[str, int | float | str]
"""By key, a number of its range or one of its alternatives, as the plan writes it."""


def planned_dimension(dimension: Dimension) -> PlannedDimension:
    """A dimension as the plan records it."""
    if isinstance(dimension, Range):
        return PlannedRange(
            key=dimension.key,
            low=dimension.low.value,
            high=dimension.high.value,
            whole=dimension.whole,
            log=dimension.log,
            step=dimension.step,
        )
    texts = tuple(inline_text(setting.value) for setting in dimension.settings)
    return PlannedChoice(key=dimension.key, alternatives=texts)


def value_of(parameter: int | float | str) -> Any:
    """A parameter as the config has it."""
    if not isinstance(parameter, str):
        return parameter
    return read_tree(Source("search.json", parameter, is_file=False)).value


def settings_of(parameters: Parameters) -> list[Setting]:
    """The settings that make a trial's config."""
    return [setting_from_program(key, value_of(item)) for key, item in parameters.items()]


def label_of_trial(parameters: Parameters) -> str:
    """`cell=gru, units=57`: the last part of each key identifies it."""
    return label_of(tuple((key, value_of(item)) for key, item in parameters.items()))


def set_arguments(parameters: Parameters) -> list[str]:
    """What the command line sets for the same config: `--set units=57`, quoted for a shell."""
    return [f"--set {shell_word(f'{key}={item}')}" for key, item in parameters.items()]


def dimension_text(dimension: PlannedDimension) -> str:
    """A dimension as the command line states it: `units=16..256:log`, `cell=gru,lstm`."""
    if isinstance(dimension, PlannedChoice):
        return f"{dimension.key}={','.join(dimension.alternatives)}"
    options = (":log" if dimension.log else "") + (
        f":step={dimension.step}" if dimension.step is not None else ""
    )
    return f"{dimension.key}={dimension.low}..{dimension.high}{options}"


def is_within(parameters: Parameters, space: Sequence[PlannedDimension]) -> bool:
    """Whether parameters are of this space: a key for each dimension, and a value of it."""
    if set(parameters) != {dimension.key for dimension in space}:
        return False
    return all(contains(dimension, parameters[dimension.key]) for dimension in space)


def contains(dimension: PlannedDimension, value: int | float | str) -> bool:
    """Whether a value is one of a dimension's alternatives, or a number of its range."""
    if isinstance(dimension, PlannedChoice):
        return value in dimension.alternatives
    if isinstance(value, str) or (dimension.whole and not isinstance(value, int)):
        return False
    if not dimension.low <= value <= dimension.high:
        return False
    if dimension.step is None:
        return True
    # What is recorded was rounded far below a step, and at most to the next floats.
    steps = (value - dimension.low) / dimension.step
    rounding = 4 * ulp(max(abs(dimension.low), abs(dimension.high))) / dimension.step
    return abs(steps - round(steps)) <= 1e-4 + rounding
