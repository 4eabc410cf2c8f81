"""A trained run, opened to answer: without TensorFlow where its layers need none."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from rnnbuild.config.schema import Config
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.errors import RunError
from rnnbuild.inference.archive.layers import layers_in_archive
from rnnbuild.inference.archive.members import UnsafeArchive, refusal, refuse_missing
from rnnbuild.inference.outputs import Forward
from rnnbuild.inference.run_data import codec_of_run
from rnnbuild.inference.sizes import refuse_other_sizes
from rnnbuild.inference.trained_run import TrainedRun
from rnnbuild.models.numpy_pass.forward import numpy_pass
from rnnbuild.runs.config_file import config_of_run
from rnnbuild.runs.directory import RunDirectory, in_use
from rnnbuild.runs.directory import open_run as open_folder
from rnnbuild.runs.record import is_there
from rnnbuild.visible import command_text

GPU_DRIVERS = ("/proc/driver/nvidia", "/dev/dxg")
"""Present where TensorFlow may find a GPU: NVIDIA's driver, or that of Windows inside Linux."""


def open_run(path: str | Path, before_keras: Callable[[], None] = lambda: None) -> TrainedRun:
    """The run in a folder, ready to answer; `before_keras` as in `open_trained_run`.

    Raises RunError if there is none, or it has not finished, or is damaged.
    """
    return open_trained_run(open_folder(Path(path)), before_keras)


def open_trained_run(
    run: RunDirectory, before_keras: Callable[[], None] = lambda: None, in_keras: bool = False
) -> TrainedRun:
    """Open a finished run, without TensorFlow where its layers need none.

    Where they do, `before_keras` is called before it is imported. With `in_keras` Keras computes
    the outputs in any case, bit for bit as training does when it scores its splits.
    Raises RunError if the run has not finished, or is damaged.
    """
    refuse_unfinished(run)
    config = without_gpu_request(config_of_run(run))
    forward = None if in_keras else forward_without_framework(run.model, config)
    if forward is None:
        before_keras()
        forward = keras_forward(run, config)
    codec = codec_of_run(run)
    refuse_other_sizes(run, codec, config)
    return TrainedRun(codec, forward, config.data or DataConfig())


def refuse_unfinished(run: RunDirectory) -> None:
    """Raises RunError if a run has no model yet; the hint says when it will have, or how."""
    if is_there(run.model):
        refuse_missing(run.model)
        return
    if in_use(run):
        raise RunError(
            f"{run.path} is still being trained: it has no model yet",
            f"wait for its end; {command_text('runs', run.path)} shows its progress",
        )
    if is_there(run.metrics):
        again = f"or delete {run.metrics.name}, and `rnnbuild resume` writes both again"
        raise RunError(f"{run.model} is missing", f"restore it from a copy, {again}")
    raise RunError(
        f"{run.path} has not finished: it has no model yet",
        f"continue it: {command_text('resume', run.path)}; or finish it at once with what it has "
        f"learned: {command_text('resume', run.path, '--for 1s')}",
    )


def forward_without_framework(model: Path, config: Config) -> Forward | None:
    """The forward pass in NumPy; None if Keras has to compute it, or to report what is wrong.

    On a GPU Keras computes it. Raises RunError for a file that is not a trained model.
    """
    if config.training.device != "cpu" and any(Path(driver).exists() for driver in GPU_DRIVERS):
        return None
    try:
        return numpy_pass(layers_in_archive(model))
    except UnsafeArchive as error:
        raise refusal(model, error) from None
    except Exception:  # whatever is unknown or damaged: Keras computes it or names it
        return None


def keras_forward(run: RunDirectory, config: Config) -> Forward:
    """The forward pass in Keras, on the device of the config."""
    from rnnbuild.inference.keras_model import load_model
    from rnnbuild.models.device import device_of
    from rnnbuild.models.forward import forward_of
    from rnnbuild.models.framework import tf

    device = device_of(config)
    with tf.device(device):
        traced = forward_of(load_model(run.model))

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
