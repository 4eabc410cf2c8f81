"""What a config asks of the machine, as far as it can be told without TensorFlow."""

import sys
from pathlib import Path

from rnnbuild.analysis.cost import cost_of
from rnnbuild.config.schema import Config
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.data.disk.memory import memory_of_machine
from rnnbuild.errors import ConfigError, DeviceError, Problem
from rnnbuild.formatting import size_text

GPU_DRIVERS = ("/proc/driver/nvidia", "/dev/dxg", "/dev/kfd")
"""Present where TensorFlow may see a GPU: NVIDIA's driver, that of Windows inside Linux, AMD's."""


def refuse_too_large(resolved: ResolvedConfig) -> None:
    """Raise ConfigError for a model that this machine's memory cannot contain.

    Weights, their gradients and the optimizer's state are there at once, in whatever memory; on a
    GPU, which has less, TensorFlow makes the weights in the machine's own.
    """
    cost, memory = cost_of(resolved), memory_of_machine()
    needed = 2 * cost.weights + cost.optimizer_state
    if memory is None or needed <= memory:
        return
    raise ConfigError(
        Problem(
            f"{cost.parameters:,} parameters take {size_text(needed)} with their gradients and "
            f"the optimizer's state, and this machine has {size_text(memory)} of memory",
            resolved.config.place("model"),
            "lower the `units`; `rnnbuild summary` shows where the parameters are",
        )
    )


def refuse_missing_gpu(config: Config) -> None:
    """Raise DeviceError for `device: gpu` where no driver of one is installed."""
    if config.training.device != "gpu" or sys.platform != "linux":
        return
    if not any(Path(driver).exists() for driver in GPU_DRIVERS):
        raise DeviceError(
            Problem(
                "`device: gpu`, but this machine has no driver of a GPU",
                config.place("training", "device"),
                "`device: auto` takes a GPU where there is one and else the CPU",
            )
        )
