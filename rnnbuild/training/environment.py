"""What a run's bits depend on besides its config and data."""

import os
import platform
import sys
from importlib.metadata import version
from typing import Any

from rnnbuild.models.framework import keras, tf

# A continued run must agree with the first in these, or its bits may differ.
DECISIVE = (
    "rnnbuild",
    "tensorflow",
    "keras",
    "numpy",
    "onednn",
    "xla_flags",
    "determinism",
    "device",
)


def make_deterministic() -> None:
    """Operations that give the same bits every time; costs nothing measurable on a processor."""
    tf.config.experimental.enable_op_determinism()


def environment(device: str, seed: int) -> dict[str, Any]:
    """Versions, machine and settings, as a run records them."""
    return {
        "rnnbuild": version("rnnbuild"),
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "numpy": version("numpy"),
        "python": platform.python_version(),
        "system": platform.platform(),
        "machine": platform.machine(),
        "processors": os.cpu_count(),
        "threads": {
            "intra_op": tf.config.threading.get_intra_op_parallelism_threads(),
            "inter_op": tf.config.threading.get_inter_op_parallelism_threads(),
        },
        "onednn": os.environ.get("TF_ENABLE_ONEDNN_OPTS", "default"),
        "xla_flags": os.environ.get("XLA_FLAGS", ""),
        "determinism": True,
        "device": device,
        "seed": seed,
        "command": sys.argv,
        "bits": "the same config, data, versions and settings give the same bits on one machine; "
        "another version, device, oneDNN or XLA setting may not",
    }
