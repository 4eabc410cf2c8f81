"""What `tune` searches: ranges and alternatives of keys, from the command line or from a config."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from rnnbuild.config.idle import IDLE_KEYS
from rnnbuild.config.keys import CELL, DEPTH, apply_settings
from rnnbuild.config.load import checked
from rnnbuild.config.other_rows import OTHER_ROWS, chooses_tokens
from rnnbuild.config.places import Path
from rnnbuild.config.ranges import Range, range_of
from rnnbuild.config.schema import Config
from rnnbuild.config.settings import Setting
from rnnbuild.config.variants import (
    Axis,
    axis_of,
    repeated_alternatives,
    without_alternatives,
)
from rnnbuild.config.yaml_tree import Tree
from rnnbuild.errors import ConfigError, Problem
from rnnbuild.tasks.facts import Task

Dimension = Range | Axis

SCORES = "scores of other rows cannot be compared"
NOT_SEARCHED = {
    "name": "it changes no score",
    "task": "scores of other tasks cannot be compared",
    **dict.fromkeys(OTHER_ROWS, SCORES),
    "training": "it contains the seed",
    "training.seed": "a seed that happens to score well is not a better config",
    "training.early_stopping.metric": "trials are compared by this metric",
}
"""Keys that no search may choose, and why."""
MOST_CONTEXTS = 100
"""Combinations of other alternatives in which a value is tried before it counts as wrong."""


@dataclass(frozen=True)
class Space:
    """A config and what may be chosen for some of its keys."""

    base: Tree
    """As written, without sections of alternatives."""
    dimensions: tuple[Dimension, ...]


def written_dimensions(tree: Tree) -> list[Dimension]:
    """The dimensions of a config's own `search:` section, which the schema has accepted.

    Raises ConfigError with the problems of all ranges.
    """
    dimensions: list[Dimension] = []
    problems: list[Problem] = []
    for key, value in tree.value.get("search", {}).items():
        path: Path = ("search", key)
        places, key_span = tree.places.below(path), tree.places.keys.get(path)
        if isinstance(value, list):
            dimensions.append(axis_of(key, value, places, key_span))
            continue
        # `log: false` and `step: null` state nothing; 0 is a number.
        stated = {k: item for k, item in value.items() if item is not None and item is not False}
        try:
            dimensions.append(range_of(key, stated, places, key_span))
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(problems)
    return dimensions


def space_of(tree: Tree, dimensions: Sequence[Dimension] = ()) -> Space:
    """What is searched: these dimensions, else those of the config's own `search:` section.

    Raises ConfigError with all problems: of the config, and of keys and values that it cannot take.
    """
    checked(tree)
    dimensions = dimensions or written_dimensions(tree)
    if not dimensions:
        raise ConfigError(
            "there is nothing to search",
            "say what: `--range units=16..256:log`, `--choose cell=gru,lstm`, or `search:` in the "
            "config",
        )
    base = without_alternatives(tree)
    problems: dict[Problem, None] = {}
    known: list[Dimension] = []
    for number, dimension in enumerate(dimensions):
        others = [*dimensions[:number], *dimensions[number + 1 :]]
        refused = list(_refused_keys(dimension, dimensions[:number]))
        for setting in () if refused else settings_of(dimension):
            refused += _problems_of(base, setting, others)
        if isinstance(dimension, Range) and not refused:
            dimension = replace(dimension, whole=_takes_whole_numbers(base, dimension, others))
            refused += _refused_step(dimension)
        problems.update(dict.fromkeys(refused))
        known.append(dimension)
    if problems:
        raise ConfigError(list(problems))
    return Space(base, tuple(known))


def refuse_other_tokens(space: Space, task: Task) -> None:
    """Raises ConfigError for keys by which the tokens of a language model would differ.

    They are those of text for other tasks, and often only the data says which task it is.
    """
    problems = [
        Problem(
            f"`{dimension.key}` cannot be searched: nats of different tokens cannot be compared",
            settings_of(dimension)[0].key_place,
            "leave it out: train each with `rnnbuild train`, and compare bits per character",
        )
        for dimension in space.dimensions
        if chooses_tokens(dimension.key, task)
    ]
    if problems:
        raise ConfigError(problems)


def settings_of(dimension: Dimension) -> tuple[Setting, ...]:
    """The values that were written: a range's ends, or all alternatives."""
    return dimension.ends if isinstance(dimension, Range) else dimension.settings


def config_of_trial(base: Tree, settings: Sequence[Setting]) -> tuple[Config, tuple[str, ...]]:
    """A space's config with a value for each dimension, and notes on what else changed.

    Raises ConfigError where the values contradict each other.
    """
    changed, notes, problems = apply_settings(base, in_order(settings))
    if problems:
        raise ConfigError(problems)
    return checked(changed), tuple(dict.fromkeys(notes))


def in_order(settings: Sequence[Setting]) -> list[Setting]:
    """The settings as they can all be applied, in whatever order they were written.

    The depth comes first, so that keys of layers reach those that it adds; a section comes before
    what is within it. Cells and switches come last: they drop the keys that then do nothing.
    """

    def rank(setting: Setting) -> tuple[int, int]:
        last = setting.key.rpartition(".")[2]
        stage = 0 if setting.key == DEPTH else 2 if last in (CELL, *IDLE_KEYS) else 1
        return stage, setting.key.count(".")

    return sorted(settings, key=rank)


def _refused_keys(dimension: Dimension, before: Sequence[Dimension]) -> Iterator[Problem]:
    key, first = dimension.key, settings_of(dimension)[0]
    if key in (other.key for other in before):
        yield Problem(f"`{key}` is searched twice", first.key_place, "state it once")
    for other, why in NOT_SEARCHED.items():
        if key == other or (key.startswith(f"{other}.") and other not in ("data", "training")):
            yield Problem(f"`{key}` cannot be searched: {why}", first.key_place)
    if isinstance(dimension, Axis):
        yield from repeated_alternatives(dimension)


def _refused_step(asked: Range) -> Iterator[Problem]:
    if asked.whole and isinstance(asked.step, float):
        message = f"the step of `{asked.key}` must be a whole number, found `{asked.step}`"
        yield Problem(message, asked.step_place)


def _problems_of(base: Tree, setting: Setting, others: Sequence[Dimension]) -> list[Problem]:
    """What is wrong with a value beside every combination of the others; nothing if one fits."""
    first: list[Problem] = []
    for context in _contexts(others):
        refused = _problems_within(base, [*context, setting])
        if not refused:
            return []
        first = first or refused
    return first


def _contexts(others: Sequence[Dimension]) -> Iterator[tuple[Setting, ...]]:
    """The config as it is, then with other alternatives: an argument may need its optimizer."""
    yield ()
    axes = [other.settings for other in others if isinstance(other, Axis)]
    if axes:
        yield from islice(product(*axes), MOST_CONTEXTS)


def _problems_within(base: Tree, settings: Sequence[Setting]) -> list[Problem]:
    try:
        config_of_trial(base, settings)
    except ConfigError as error:
        return list(error.problems)
    return []


def _takes_whole_numbers(base: Tree, asked: Range, others: Sequence[Dimension]) -> bool:
    """Whether a key that takes both ends refuses what lies between two whole numbers."""
    if not all(isinstance(setting.value, int) for setting in asked.ends):
        return False
    between = replace(asked.low, value=asked.low.value + 0.5)
    return bool(_problems_of(base, between, others))
