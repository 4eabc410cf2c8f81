"""A config from the few sizes that describe a model: `--cell lstm --units 128 --classes 5`.

Each option fills a key and does nothing else, so what they describe is a config like any other.
"""

from collections.abc import Mapping
from typing import Literal

from rnnbuild.config.keys import with_settings
from rnnbuild.config.model_options import MODEL_OPTIONS, Described, ModelOption, needed
from rnnbuild.config.places import NOWHERE, Places, Source, Span
from rnnbuild.config.settings import Setting, setting_from_option
from rnnbuild.config.yaml_tree import Tree
from rnnbuild.errors import ArgumentError, ConfigError, Problem
from rnnbuild.tasks.facts import DataFacts
from rnnbuild.tasks.forecast import FORECAST
from rnnbuild.tasks.table import TASKS, USUAL
from rnnbuild.tasks.traits import StatedHead


def settings_of(described: Described, elsewhere: Mapping[str, str]) -> list[Setting]:
    """The options as settings of their keys; `elsewhere` are values of `--set` by key.

    Raises ConfigError for a value that cannot be read, and for fewer than two classes.
    """
    return [
        _setting(option, described[option.name], elsewhere.get("task", USUAL))
        for option in MODEL_OPTIONS
        if option.name in described
    ]


def described_tree(described: Described, elsewhere: Mapping[str, str]) -> Tree:
    """The config that the options describe.

    `elsewhere` are keys that `--set` and `--vary` name, with their values: what they say, no option
    has to. Raises ArgumentError with what is missing, ConfigError as `settings_of`.
    """
    has_data = any(key.partition(".")[0] == "data" for key in elsewhere)
    reads = _what_is_read(described, elsewhere)
    missing = [
        option
        for option in needed(reads)
        if option.name not in described
        and not {option.key, f"model.layers.0.{option.key}"} & elsewhere.keys()
        and not (option.from_data and has_data)
    ]
    if missing:
        names = ", ".join(f"`--{option.name}`" for option in missing)
        raise ArgumentError(
            f"{names} {'is' if len(missing) == 1 else 'are'} missing: a model's size depends on "
            f"{'it' if len(missing) == 1 else 'them'}",
            f"for example: {' '.join(option.text(option.example or '') for option in missing)}",
        )
    settings = settings_of(described, elsewhere)
    # A layer with a `cell` is a recurrent one, whatever fills it.
    task = {"task": FORECAST.name} if reads == "numbers" else {}
    bare = {"name": "model", **task, "model": {"layers": [{"cell": None}]}}
    tree, _ = with_settings(Tree(bare, NOWHERE), settings)
    return tree


def _what_is_read(described: Described, elsewhere: Mapping[str, str]) -> Literal["text", "numbers"]:
    """Raises ArgumentError where options are for text and for numbers."""
    given = [option for option in MODEL_OPTIONS if option.name in described]
    names = {option.reads: option.name for option in given}
    if "text" in names and "numbers" in names:
        raise ArgumentError(
            f"--{names['text']} is for a model that reads text, and --{names['numbers']} for one "
            "that reads numbers",
            "leave one of them out",
        )
    numbers = "numbers" in names or elsewhere.get("task") == FORECAST.name
    return "numbers" if numbers or "model.input_columns" in elsewhere else "text"


def _setting(option: ModelOption, text: str, task: str) -> Setting:
    if option.is_flag:
        source = Source("command line", option.text(text), is_file=False)
        span = Span(source, 0, 0, 0, len(source.text))
        return Setting(option.key, True, Places({(): span}), span)
    setting = setting_from_option(f"--{option.name}", option.key, text)
    if option.name != "classes" or not isinstance(setting.value, int):
        return setting
    if setting.value < 2:
        raise ConfigError(
            Problem(
                f"`--classes` must be at least 2, found `{text}`",
                setting.value_places.of(()),
                "a model that answers yes or no has two",
            )
        )
    return Setting(
        setting.key, units_for(setting.value, task), setting.value_places, setting.key_span
    )


def units_for(classes: int, task: str) -> int:
    """Units of the head: one for each class, or what the task gives two."""
    traits = next((TASKS[name] for name in TASKS if name == task), TASKS[USUAL])
    if classes > 2 or not traits.has_labels:
        return classes
    return traits.head(DataFacts(traits.name, labels=("no", "yes")), StatedHead(None, None)).units
