"""A run with a model that Keras saved elsewhere."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from rnnbuild import atomic
from rnnbuild.adoption.agreement import (
    Compared,
    Forward,
    compared_with_original,
    padding_effect,
    padding_note,
    with_activation,
)
from rnnbuild.adoption.original import original_model
from rnnbuild.adoption.reading import Adoptable
from rnnbuild.config.written import plain_values, yaml_text
from rnnbuild.export.new_folder import new_folder
from rnnbuild.inference.model_source import ModelFile
from rnnbuild.inference.opening import keras_forward, light_forward
from rnnbuild.metrics.tasks import main_metric
from rnnbuild.models.build import build_model
from rnnbuild.models.device import device_of
from rnnbuild.models.own_layers import notes_on_loading
from rnnbuild.runs.adopted_file import Adopted, write_adopted
from rnnbuild.runs.codec_file import write_codec_text
from rnnbuild.runs.data_file import DataRecord, folder_text, write_data
from rnnbuild.runs.directory import RunDirectory, next_free, point_latest_to
from rnnbuild.runs.environment_file import write_environment
from rnnbuild.runs.facts_file import write_facts
from rnnbuild.runs.metrics_file import Metrics, write_metrics
from rnnbuild.training.setup.environment import environment_of
from rnnbuild.training.train import save_model

RUNS = Path("runs")


@dataclass(frozen=True, eq=False)
class AdoptedRun:
    """A new run, and how its model was compared with the file that it is from."""

    run: RunDirectory
    adopted: Adopted
    parameters: int


def adopt(
    model: Adoptable,
    output: Path | None = None,
    command: tuple[str, ...] = (),
    remark: Callable[[str], None] = lambda text: None,
) -> AdoptedRun:
    """Write a run with the model into the new folder `output`, else `runs/<name>-<n>`.

    `remark` is called with what padding changes, if it does. Raises RunError where the run would
    answer otherwise than the file, ArgumentError where the folder exists; nothing is written then.
    """
    target = output or next_free(RUNS, model.config.name)
    built = build_model(model.resolved)
    built.set_weights(list(model.weights))
    with TemporaryDirectory(prefix="rnnbuild-") as temporary:
        saved = Path(temporary, "model.keras")
        save_model(built, saved)
        compared, notes = judged(model, ModelFile(saved))
        for note in notes:
            remark(note)
        adopted = record_of(model, compared, (*model.notes, *notes))
        with new_folder(target) as folder:
            write_run(RunDirectory(folder), model, adopted, built.count_params(), command)
            shutil.copyfile(saved, RunDirectory(folder).model)
            # With this file the folder is a run.
            resolved = yaml_text(plain_values(model.resolved.config, defaults=True))
            atomic.write_text(RunDirectory(folder).resolved, resolved)
    if output is None:
        point_latest_to(target)
    return AdoptedRun(RunDirectory(target), adopted, built.count_params())


def judged(model: Adoptable, saved: ModelFile) -> tuple[Compared, tuple[str, ...]]:
    """How the run's own forward pass compares with the file, and what padding changes.

    Raises RunError where they differ.
    """
    ours = light_forward(saved.layers(), model.config) or keras_forward(saved, model.config)
    keras = original_model(model)

    def forward(rows: Any) -> Any:
        return np.asarray(keras(rows, training=False))

    original: Forward = with_activation(model, forward)
    compared = compared_with_original(model, lambda rows: np.asarray(ours(rows)), original)
    effect = padding_effect(model, lambda rows: np.asarray(ours(rows)), original)
    return compared, () if effect is None else (padding_note(effect),)


def record_of(model: Adoptable, compared: Compared, notes: tuple[str, ...]) -> Adopted:
    path = model.foreign.path
    return Adopted(
        file=path.name,
        sha256=sha256(path.read_bytes()).hexdigest(),
        keras=model.foreign.keras,
        rows=compared.rows,
        difference=compared.difference,
        steps=model.steps,
        notes=notes,
    )


def write_run(
    run: RunDirectory,
    model: Adoptable,
    adopted: Adopted,
    parameters: int,
    command: tuple[str, ...],
) -> None:
    """Write the files of a run that has finished, and of which no rows were held out."""
    seed = model.config.training.seed
    write_data(run, DataRecord(folder=folder_text(Path()), files=()))
    atomic.write_text(run.config, yaml_text(plain_values(model.config, defaults=False)))
    write_facts(run, model.facts)
    write_codec_text(run, model.codec.to_json())
    write_environment(run, environment_of(device_of(model.config), seed, command))
    write_adopted(run, adopted)
    metrics = Metrics(
        task=model.facts.task,
        main=main_metric(model.facts).name,
        scores={},
        baselines={},
        details={},
        epochs=0,
        steps=0,
        parameters=parameters,
        remarks=(*adopted.notes, *notes_on_loading(model.resolved)),
    )
    write_metrics(run, metrics)
