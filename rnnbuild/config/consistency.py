"""Mistakes that no single key shows: keys that contradict each other, or that would do nothing."""

from collections.abc import Iterable, Iterator, Sequence

from rnnbuild.config.border import border_of, ending_layer, recurrent_layers
from rnnbuild.config.places import Path, Places, dotted
from rnnbuild.config.schema import Config
from rnnbuild.config.schema.base import Section
from rnnbuild.config.schema.choices import (
    L1L2Regularizer,
    MinMaxNormConstraint,
    UniformInitializer,
)
from rnnbuild.config.schema.data import FILE_KEYS, DataConfig
from rnnbuild.config.schema.layers import (
    RecurrentArguments,
    RepeatVectorLayer,
    SpatialDropoutLayer,
    StepDropoutLayer,
)
from rnnbuild.config.schema.model import ModelConfig
from rnnbuild.config.series_consistency import series_contradictions
from rnnbuild.config.stack import POOLINGS
from rnnbuild.errors import Problem
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.table import TASKS

GENERATED_KEYS = ("length", "size", "seed")


def contradictions(config: Config) -> list[Problem]:
    """Every problem of a config whose keys are each valid on their own."""
    return contradictions_among([((), config)], config.task, config.places)


def contradictions_among(
    sections: Iterable[tuple[Path, Section]], task: Task | None, places: Places
) -> list[Problem]:
    """Every problem of sections, with all they contain, valid on their own."""
    problems: list[Problem] = []
    for top, whole in sections:
        for path, section in sections_within(top, whole):
            problems += _idle_keys(places, path, section)
            problems += _values(places, path, section)
            if isinstance(section, DataConfig):
                problems += _data(places, section)
                problems += series_contradictions(places, section, task)
            if isinstance(section, ModelConfig):
                problems += _layers(places, section, task)
    return sorted(problems, key=lambda problem: problem.place.line if problem.place else 0)


def _problem(places: Places, path: Path, message: str, hint: str | None = None) -> Problem:
    return Problem(message, places.of(path), hint)


def _of_key(places: Places, path: Path, message: str, hint: str | None = None) -> Problem:
    return Problem(message, places.of_key(path), hint)


def _data(places: Places, data: DataConfig) -> Iterator[Problem]:
    given = data.stated
    if data.dataset is None and data.train is None:
        yield _problem(
            places,
            ("data",),
            "`data` names neither a bundled `dataset` nor a `train` file",
            "write `dataset: languages`, or `train: train.csv`",
        )
    if data.dataset is not None:
        if "train" in given:
            yield _of_key(
                places,
                ("data", "train"),
                "`train` and `dataset` exclude each other",
                "keep the one that is meant",
            )
        for key in sorted(given.intersection(FILE_KEYS) - {"train"}):
            yield _of_key(
                places,
                ("data", key),
                f"`{key}` belongs to files of one's own and does nothing for a bundled dataset",
                f"leave `{key}` out",
            )
    else:
        for key in sorted(given.intersection(GENERATED_KEYS)):
            yield _of_key(
                places,
                ("data", key),
                f"`{key}` belongs to a generated dataset and does nothing for files",
                f"leave `{key}` out" + ("; or `split: {seed: ...}`" if key == "seed" else ""),
            )
    if data.labels is not None and data.label is not None:
        yield _of_key(
            places,
            ("data", "labels"),
            "`labels` and `label` exclude each other",
            "`label` is one label a row, `labels` are several",
        )
    if "label_separator" in given and not isinstance(data.labels, str):
        yield _of_key(
            places,
            ("data", "label_separator"),
            "`label_separator` does nothing unless `labels` names a column of lists",
            "state `labels: COLUMN`, or leave `label_separator` out",
        )
    words = data.vocabulary
    if words.unknown == "shape" and words.size is None and words.min_count == 1:
        yield _of_key(
            places,
            ("data", "vocabulary", "unknown"),
            "`unknown: shape` does nothing where every word of training has an id of its own",
            "state `min_count: 2`, or a `size`: shapes are learned from the words without an id",
        )


def _layers(places: Places, model: ModelConfig, task: Task | None) -> Iterator[Problem]:
    layers = model.layers
    recurrent = recurrent_layers(layers)
    if not recurrent:
        yield _problem(
            places,
            ("model", "layers"),
            "`model.layers` has no recurrent layer",
            "add one: `- {cell: lstm, units: 64}`",
        )
        return
    each_step = task is not None and TASKS[task].answers_at == "input step"
    ending = ending_layer(layers, not each_step and model.pooling not in POOLINGS)
    yield from _border(places, layers, recurrent)
    yield from _backwards(places, layers, ending)
    yield from _sequences(places, layers, ending)


def _border(places: Places, layers: Sequence[Section], recurrent: list[int]) -> Iterator[Problem]:
    """An encoder and a decoder each have a recurrent layer, and one border lies between them."""
    border = border_of(layers)
    if border is None:
        return
    for number, layer in enumerate(layers):
        if number > border and isinstance(layer, RepeatVectorLayer):
            yield _problem(
                places,
                ("model", "layers", number),
                "a second `repeat_vector`: one border lies between encoder and decoder",
                "keep one of the two",
            )
    path: Path = ("model", "layers", border)
    if recurrent[0] > border:
        yield _problem(
            places,
            path,
            "there is no recurrent layer before `repeat_vector`, so no encoder",
            "add one before it: `- {cell: gru, units: 64}`",
        )
    if recurrent[-1] < border:
        yield _problem(
            places,
            path,
            "there is no recurrent layer after `repeat_vector`: without a decoder, every step "
            "would answer the same",
            "add one after it: `- {cell: gru, units: 64}`",
        )


def _backwards(places: Places, layers: Sequence[Section], ending: int | None) -> Iterator[Problem]:
    for number, layer in enumerate(layers):
        if not isinstance(layer, RecurrentArguments) or not layer.go_backwards:
            continue
        path: Path = ("model", "layers", number, "go_backwards")
        if layer.bidirectional:
            yield _problem(
                places,
                path,
                "`go_backwards` only swaps the two directions of a bidirectional layer",
                "leave `go_backwards` out",
            )
        elif number != ending:
            coded = border_of(layers) is not None
            where = "of the encoder" if coded else "with `pooling: last`"
            yield _problem(
                places,
                path,
                "`go_backwards` turns the steps round, but not the mask of padding: it is for "
                "the layer in which the sequence ends",
                f"use `bidirectional: true`, or go backwards in the last recurrent layer {where}",
            )


def _sequences(places: Places, layers: Sequence[Section], ending: int | None) -> Iterator[Problem]:
    if ending is None:
        return
    border = border_of(layers)
    for number in range(ending + 1, len(layers) if border is None else border):
        layer = layers[number]
        if isinstance(layer, SpatialDropoutLayer | StepDropoutLayer):
            cell = layers[ending].cell  # type: ignore[attr-defined]
            why = "`pooling: last` keeps one step" if border is None else "the encoder answers once"
            otherwise = ", or `pooling: mean`" if border is None else ""
            yield _problem(
                places,
                ("model", "layers", number),
                f"{layer.kind.replace('_', ' ')} needs a sequence, but it ends in layer {ending} "
                f"(`{cell}`, counted from 0): {why}",
                f"move it before that layer, use `kind: dropout`{otherwise}",
            )


# Keys that do nothing while another is off: false, 0 or not stated.
BIAS_KEYS = ("bias_initializer", "bias_regularizer", "bias_constraint", "unit_forget_bias")
CENTER_KEYS = ("beta_initializer", "beta_regularizer", "beta_constraint")
SCALE_KEYS = ("gamma_initializer", "gamma_regularizer", "gamma_constraint")
IDLE_KEYS = (
    ("use_bias", BIAS_KEYS),
    ("center", CENTER_KEYS),
    ("scale", SCALE_KEYS),
    ("bidirectional", ("merge_mode",)),
    ("momentum", ("nesterov",)),
    ("trainable", ("embeddings_regularizer", "embeddings_constraint")),
    ("max_length", ("truncate",)),
)


def idle_keys(section: Section) -> Iterator[tuple[str, str]]:
    """Keys of a section that do nothing, each with the key that is off."""
    fields = type(section).model_fields
    for switch, keys in IDLE_KEYS:
        if switch in fields and not getattr(section, switch):
            yield from ((key, switch) for key in keys if key in fields)


def _idle_keys(places: Places, path: Path, section: Section) -> Iterator[Problem]:
    for key, switch in idle_keys(section):
        if key in section.model_fields_set and getattr(section, key) not in (None, False):
            value = getattr(section, switch)
            off = "not stated" if value is None else "false" if value is False else "0"
            yield _of_key(
                places,
                (*path, key),
                f"`{key}` does nothing where `{switch}` is {off}",
                f"leave `{key}` out, or {'state' if value is None else 'change'} `{switch}`",
            )


def _values(places: Places, path: Path, section: Section) -> Iterator[Problem]:
    if isinstance(section, UniformInitializer) and section.minval >= section.maxval:
        yield _problem(
            places,
            path,
            f"`minval` ({section.minval:g}) must be less than `maxval` ({section.maxval:g})",
        )
    if isinstance(section, MinMaxNormConstraint) and section.min_value > section.max_value:
        yield _problem(
            places,
            path,
            f"`min_value` ({section.min_value:g}) must be at most "
            f"`max_value` ({section.max_value:g})",
        )
    if isinstance(section, L1L2Regularizer) and not section.l1 and not section.l2:
        yield _problem(
            places, path, "`l1l2` does nothing while both are 0", "state `l1`, `l2` or both"
        )
    for key in ("bias_constraint", "beta_constraint", "gamma_constraint"):
        constraint = getattr(section, key, None)
        if constraint is not None and getattr(constraint, "axis", 0) == 1:
            yield _problem(
                places,
                (*path, key, "axis"),
                f"`{dotted((key, 'axis'))}` is 1, but a bias has one axis only",
                "leave `axis` out",
            )


def sections_within(path: Path, section: Section) -> Iterator[tuple[Path, Section]]:
    """A section and every one within it."""
    yield path, section
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, Section):
            yield from sections_within((*path, name), value)
        elif isinstance(value, tuple):
            for number, item in enumerate(value):
                if isinstance(item, Section):
                    yield from sections_within((*path, name, number), item)
