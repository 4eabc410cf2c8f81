"""Where a model is built and run: the CPU, or a GPU."""

from rnnbuild.config.schema import Config
from rnnbuild.errors import DeviceError, Problem
from rnnbuild.models.framework import tf


def device_of(config: Config) -> str:
    """The device for `with tf.device(...)`: `/CPU:0` or `/GPU:0`, as `training.device` asks.

    To be called before TensorFlow does anything else in the process: `cpu` hides the GPUs, since
    Keras picks cuDNN's kernels wherever it sees one, whatever the device of the moment.
    Raises DeviceError for a GPU where TensorFlow sees none, and for the CPU once GPUs are in
    use and can no longer be hidden.
    """
    choice, place = config.training.device, config.place("training", "device")
    gpus = tf.config.get_visible_devices("GPU")
    if choice == "gpu" and not gpus:
        raise DeviceError(
            Problem(
                "`device: gpu`, but TensorFlow sees no GPU on this machine",
                place,
                "`device: auto` takes a GPU where there is one and else the CPU; "
                "for NVIDIA's libraries: pip install 'rnnbuild[gpu]'",
            )
        )
    if choice == "cpu" and gpus:
        try:
            tf.config.set_visible_devices([], "GPU")
        except RuntimeError as error:
            raise DeviceError(
                Problem(
                    "`device: cpu`, but this process already uses a GPU",
                    place,
                    "start a new process for it",
                )
            ) from error
    return "/GPU:0" if gpus and choice != "cpu" else "/CPU:0"
