"""Keys that would do nothing: errors in a config that is written, and accepted in a run's.

A run of an older version may have been trained with a key that has been refused since. What comes
to light only with the data is in `rnnbuild.data.idle`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from rnnbuild.config.places import Path, Places
from rnnbuild.config.schema.base import Section
from rnnbuild.config.schema.choices import L1L2Regularizer
from rnnbuild.config.schema.data import FILE_KEYS, DataConfig
from rnnbuild.config.schema.layers import LayerNormalizationLayer
from rnnbuild.config.schema.series import TEXT_KEYS
from rnnbuild.config.schema.training import TrainingConfig
from rnnbuild.errors import Problem
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.language_model import LANGUAGE_MODEL
from rnnbuild.tasks.table import TASKS

GENERATED_KEYS = ("length", "size", "seed")

BIAS_KEYS = ("bias_initializer", "bias_regularizer", "bias_constraint", "unit_forget_bias")
CENTER_KEYS = ("beta_initializer", "beta_regularizer", "beta_constraint")
SCALE_KEYS = ("gamma_initializer", "gamma_regularizer", "gamma_constraint")
TRAINED_KEYS = (
    *(
        f"{weight}_{key}"
        for weight in ("embeddings", "kernel", "recurrent", "bias", "beta", "gamma")
        for key in ("regularizer", "constraint")
    ),
    # Of the running averages, which stay as they start too.
    "momentum",
)
IDLE_KEYS: Mapping[str, tuple[str, ...]] = {
    "use_bias": BIAS_KEYS,
    "center": CENTER_KEYS,
    "scale": SCALE_KEYS,
    "bidirectional": ("merge_mode",),
    "momentum": ("nesterov",),
    "trainable": TRAINED_KEYS,
    "max_length": ("truncate",),
}
"""Keys that do nothing while another is off: false, 0 or not stated."""
IDLE_WHILE_ON: Mapping[str, tuple[str, ...]] = {"trainable": ("thaw_after",)}
"""Keys that do nothing unless another is off."""

Idle = Iterator[tuple[Path, str, str]]
"""The path of a key that does nothing, why, and how to fix it."""


def idle_problems(
    places: Places, path: Path, section: Section, task: Task | None
) -> Iterator[Problem]:
    """A problem for each key of a section that does nothing."""
    found = [*_beside_a_switch(section, task), *_own(section)]
    if isinstance(section, DataConfig):
        numbers = section.is_series if task is None else TASKS[task].target == "numbers"
        found += [*_of_dataset(section), *_of_splits(section), *_of_text(section)]
        found += _of_series(section) if numbers else _of_no_series(section)
    for inner, message, hint in found:
        yield Problem(message, places.of_key((*path, *inner)), hint)


def idle_keys(section: Section) -> Iterator[tuple[str, str]]:
    """Keys of a section that do nothing, each with the key beside which it does nothing."""
    values = dict(section)
    for switch in IDLE_KEYS:
        if switch in values:
            yield from ((key, switch) for key in idle_beside(switch, values) if key in values)


def idle_beside(switch: str, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Keys that do nothing beside a key as it is among a section's values."""
    if values[switch]:
        return IDLE_WHILE_ON.get(switch, ())
    if switch == "trainable" and values.get("thaw_after"):
        return ()
    return IDLE_KEYS[switch]


def _beside_a_switch(section: Section, task: Task | None) -> Idle:
    if isinstance(section, DataConfig) and section.dataset is None and section.may_be_running_text:
        task = task or LANGUAGE_MODEL.name
    never = TASKS[task].idle_keys if isinstance(section, DataConfig) and task is not None else ()
    for key, switch in idle_keys(section):
        if key in section.model_fields_set and getattr(section, key) not in (None, False):
            value = getattr(section, switch)
            turn_on = "state" if value is None else "change"
            now = {None: "not stated", True: "true", False: "false"}
            state = now[value] if value is None or isinstance(value, bool) else "0"
            yield (
                (key,),
                f"`{key}` does nothing where `{switch}` is {state}",
                f"leave `{key}` out" + ("" if switch in never else f", or {turn_on} `{switch}`"),
            )


def _own(section: Section) -> Idle:
    """Sections whose own values do nothing."""
    if isinstance(section, L1L2Regularizer) and not section.l1 and not section.l2:
        yield (), "`l1l2` does nothing while both are 0", "state `l1`, `l2` or both"
    if isinstance(section, LayerNormalizationLayer) and not (
        section.center or section.scale or section.trainable
    ):
        yield (
            ("trainable",),
            "`trainable` does nothing: without `center` and `scale` the layer has no weights",
            "leave `trainable` out",
        )
    weights = section.class_weight if isinstance(section, TrainingConfig) else None
    if isinstance(weights, dict) and all(weight == 1 for weight in weights.values()):
        yield (
            ("class_weight",),
            f"`class_weight` does nothing: "
            f"{'every label counts 1' if weights else 'it names no label'}",
            "give a label another weight, or leave `class_weight` out",
        )


def _of_dataset(data: DataConfig) -> Idle:
    if data.dataset is not None:
        for key in sorted(data.stated.intersection(FILE_KEYS) - {"train"}):
            yield (
                (key,),
                f"`{key}` belongs to files of one's own and does nothing for a bundled dataset",
                f"leave `{key}` out",
            )
        return
    for key in sorted(data.stated.intersection(GENERATED_KEYS)):
        yield (
            (key,),
            f"`{key}` belongs to a generated dataset and does nothing for files",
            f"leave `{key}` out" + ("; or `split: {seed: ...}`" if key == "seed" else ""),
        )


def _of_splits(data: DataConfig) -> Idle:
    """Shares of what has files of its own."""
    stated = data.split.stated if data.split is not None else set()
    for key in ("validation", "test"):
        if key in stated and getattr(data, key) is not None:
            yield (
                ("split", key),
                f"`split.{key}` does nothing: `{key}` has files of its own",
                f"leave `split.{key}` out, or `{key}` to hold it out of `train`",
            )
    if "test" in stated and data.split is not None and data.split.folds is not None:
        yield (
            ("split", "test"),
            "`split.test` does nothing: each of the `folds` is tested on",
            "leave `split.test` out, or `split.folds` to hold it out once",
        )
    if "seed" in stated and data.validation is not None and data.test is not None:
        yield (
            ("split", "seed"),
            "`split.seed` does nothing: `validation` and `test` have files of their own",
            "leave `split.seed` out",
        )


def _of_text(data: DataConfig) -> Idle:
    if "label_separator" in data.stated and not isinstance(data.labels, str):
        yield (
            ("label_separator",),
            "`label_separator` does nothing unless `labels` names a column of lists",
            "state `labels: COLUMN`, or leave `label_separator` out",
        )
    words = data.vocabulary
    if words.unknown == "shape" and words.size is None and words.min_count == 1:
        yield (
            ("vocabulary", "unknown"),
            "`unknown: shape` does nothing where every word of training has an id of its own",
            "state `min_count: 2`, or a `size`: shapes are learned from the words without an id",
        )


def _of_no_series(data: DataConfig) -> Idle:
    if data.split is not None and "train" in data.split.stated:
        yield (
            ("split", "train"),
            "`train` is for series: of other data, all that is not held out is trained on",
            "leave `train` out",
        )


def _of_series(data: DataConfig) -> Idle:
    for key in sorted(data.stated.intersection(TEXT_KEYS)):
        yield (
            (key,),
            f"`{key}` is for text, and this is a series of numbers",
            f"leave `{key}` out",
        )
    split = data.split.stated if data.split is not None else set()
    if "seed" in split:
        yield (
            ("split", "seed"),
            "`seed` does nothing: a series is split in order of time",
            "leave `seed` out",
        )
    if "train" in split and data.test is not None:
        yield (
            ("split", "train"),
            "`split.train` does nothing: what comes before the files of the other splits is "
            "trained on",
            "leave `split.train` out",
        )
    if data.channel_independent and data.columns is not None and len(data.columns) == 1:
        yield (
            ("channel_independent",),
            "`channel_independent` does nothing with one column",
            "leave `channel_independent` out",
        )
