"""A trained run, opened to answer: without TensorFlow where its layers need none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rnnbuild.config.resolve import resolve
from rnnbuild.config.schema import Config
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.kind.codec import Codec
from rnnbuild.errors import RunError
from rnnbuild.inference.model_source import CheckpointedModel, ModelFile, ModelSource
from rnnbuild.inference.outputs import Forward
from rnnbuild.inference.run_data import codec_of_run
from rnnbuild.inference.sizes import refuse_other_sizes
from rnnbuild.inference.trained_run import TrainedRun
from rnnbuild.inference.unfinished import (
    checkpoint_so_far,
    no_checkpoint_error,
    note_on_weights,
)
from rnnbuild.models.engines import forward_without_framework
from rnnbuild.models.stored import StoredLayer
from rnnbuild.runs.config_file import config_of_run
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.facts_file import read_facts
from rnnbuild.runs.record import is_there

GPU_DRIVERS = ("/proc/driver/nvidia", "/dev/dxg")
"""Present where TensorFlow may find a GPU: NVIDIA's driver, or that of Windows inside Linux."""


@dataclass(frozen=True, eq=False)
class SavedModel:
    """A run's model, read from its files.

    note: which weights these are, in a sentence, where the run has not finished
    """

    config: Config
    codec: Codec
    source: ModelSource
    layers: list[StoredLayer]
    note: str | None


def open_trained_run(
    run: RunDirectory, before_keras: Callable[[], None] = lambda: None, in_keras: bool = False
) -> TrainedRun:
    """Open a run, without TensorFlow where its layers need none.

    One that has not finished answers with its best weights so far; its `note` says so. Where
    layers need Keras, `before_keras` is called before TensorFlow is imported. With `in_keras`
    Keras computes the outputs in any case, bit for bit as training does when it scores its splits.
    Raises RunError if the run is damaged, or has no weights yet.
    """
    saved = saved_model(run)
    config = without_gpu_request(saved.config)
    forward = None if in_keras else light_forward(saved.layers, config)
    if forward is None:
        before_keras()
        forward = keras_forward(saved.source, config)
    return TrainedRun(saved.codec, forward, config.data or DataConfig(), saved.note)


def saved_model(run: RunDirectory) -> SavedModel:
    """What a run's files say of its model now. Raises RunError as `open_trained_run`."""
    config = config_of_run(run)
    source, note = model_of(run, config)
    layers, codec = source.layers(), codec_of_run(run)
    refuse_other_sizes(run, codec, config, source.path, layers)
    return SavedModel(config, codec, source, layers, note)


def model_of(run: RunDirectory, config: Config) -> tuple[ModelSource, str | None]:
    """The model that a run has now, and a note on its weights if the run has not finished.

    Raises RunError if there is none.
    """
    if is_there(run.metrics):
        if not is_there(run.model):
            again = f"or delete {run.metrics.name}, and `rnnbuild resume` writes both again"
            raise RunError(f"{run.model} is missing", f"restore it from a copy, {again}")
        return ModelFile(run.model), None
    content = checkpoint_so_far(run, config.training.restore_best)
    if content is None and is_there(run.model):
        return ModelFile(run.model), None
    if content is None:
        raise no_checkpoint_error(run)
    resolved = resolve(config, read_facts(run))
    return CheckpointedModel(content, resolved), note_on_weights(run, config, content)


def light_forward(layers: Sequence[StoredLayer], config: Config) -> Forward | None:
    """The forward pass without TensorFlow; None if Keras has to compute it, as on a GPU."""
    if config.training.device != "cpu" and any(Path(driver).exists() for driver in GPU_DRIVERS):
        return None
    try:
        return forward_without_framework(layers)
    except Exception:  # whatever is unknown or damaged: Keras computes it or names it
        return None


def keras_forward(source: ModelSource, config: Config) -> Forward:
    """The forward pass in Keras, on the device of the config."""
    from rnnbuild.models.device import device_of
    from rnnbuild.models.forward import forward_of
    from rnnbuild.models.framework import tf

    device = device_of(config)
    with tf.device(device):
        traced = forward_of(source.keras_model())

    def forward(inputs: Any) -> Any:
        with tf.device(device):
            return traced(inputs)

    return forward


def without_gpu_request(config: Config) -> Config:
    """The config without a request for a GPU: a model trained on one answers without it too."""
    if config.training.device != "gpu":
        return config
    training = config.training.model_copy(update={"device": "auto"})
    return config.model_copy(update={"training": training})
