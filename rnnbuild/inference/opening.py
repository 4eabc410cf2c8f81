"""A trained run, opened to answer: without TensorFlow where its layers need none."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rnnbuild.config.schema import Config
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.inference.generation.opening import open_writer
from rnnbuild.inference.model_source import ModelSource
from rnnbuild.inference.outputs import Forward
from rnnbuild.inference.saved_model import saved_model
from rnnbuild.inference.trained_run import TrainedRun
from rnnbuild.models.engines import forward_without_framework
from rnnbuild.models.stored import StoredLayer
from rnnbuild.runs.directory import RunDirectory

GPU_DRIVERS = ("/proc/driver/nvidia", "/dev/dxg")
"""Present where TensorFlow may find a GPU: NVIDIA's driver, or that of Windows inside Linux."""


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
    return TrainedRun(
        saved.codec, forward, config.data or DataConfig(), saved.note, lambda: open_writer(run)[0]
    )


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
