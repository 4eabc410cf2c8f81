"""Mistakes that no single key shows: keys that contradict each other."""

from collections.abc import Iterable, Iterator, Sequence

from rnnbuild.config.border import border_of, ending_layer, recurrent_layers
from rnnbuild.config.folds import fold_contradictions
from rnnbuild.config.freezing import never_thawed, nothing_trained
from rnnbuild.config.idle import idle_problems
from rnnbuild.config.places import Path, Places, dotted
from rnnbuild.config.schema import Config
from rnnbuild.config.schema.base import Section, sections_within
from rnnbuild.config.schema.choices import (
    MinMaxNormConstraint,
    UniformInitializer,
)
from rnnbuild.config.schema.data import DataConfig
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


def contradictions(config: Config) -> list[Problem]:
    """Every problem of a config whose keys are each valid on their own."""
    sections = [((), config)]
    return contradictions_among(sections, config.task, config.places, config.accepts_idle)


def contradictions_among(
    sections: Iterable[tuple[Path, Section]],
    task: Task | None,
    places: Places,
    accepts_idle: bool = False,
) -> list[Problem]:
    """Every problem of sections, with all they contain, valid on their own.

    Keys that do nothing are among the problems, unless a run's config has them.
    """
    problems: list[Problem] = []
    for top, whole in sections:
        for path, section in sections_within(top, whole):
            if not accepts_idle:
                problems += idle_problems(places, path, section, task)
                if isinstance(section, Config):
                    problems += never_thawed(places, path, section)
            problems += _values(places, path, section)
            if isinstance(section, DataConfig):
                problems += _data(places, section)
                problems += series_contradictions(places, section, task)
                problems += fold_contradictions(places, section, task)
            if isinstance(section, ModelConfig):
                problems += _layers(places, section, task)
                problems += nothing_trained(places, path, section)
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
    if data.dataset is not None and "train" in given:
        yield _of_key(
            places,
            ("data", "train"),
            "`train` and `dataset` exclude each other",
            "keep the one that is meant",
        )
    if data.labels is not None and data.label is not None:
        yield _of_key(
            places,
            ("data", "labels"),
            "`labels` and `label` exclude each other",
            "`label` is one label a row, `labels` are several",
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
    yield from _backwards(places, layers)
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


def _backwards(places: Places, layers: Sequence[Section]) -> Iterator[Problem]:
    for number, layer in enumerate(layers):
        if isinstance(layer, RecurrentArguments) and layer.go_backwards and layer.bidirectional:
            yield _problem(
                places,
                ("model", "layers", number, "go_backwards"),
                "`go_backwards` only swaps the two directions of a bidirectional layer",
                "leave `go_backwards` out",
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
    for key in ("bias_constraint", "beta_constraint", "gamma_constraint"):
        constraint = getattr(section, key, None)
        if constraint is not None and getattr(constraint, "axis", 0) == 1:
            yield _problem(
                places,
                (*path, key, "axis"),
                f"`{dotted((key, 'axis'))}` is 1, but a bias has one axis only",
                "leave `axis` out",
            )
