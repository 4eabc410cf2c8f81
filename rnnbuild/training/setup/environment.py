"""What the bits of a run depend on besides its config and data."""

import os
import platform
from importlib.metadata import version

from rnnbuild.models.framework import keras, tf
from rnnbuild.runs.environment_file import Environment, Threads
from rnnbuild.threads import processor_name

# A resumed run must agree with its beginning in these, or its bits may differ.
DECISIVE = (
    "rnnbuild",
    "tensorflow",
    "keras",
    "numpy",
    "numba",
    "scipy",
    "machine",
    "processor",
    "threads",
    "openblas_coretype",
    "onednn",
    "onednn_isa",
    "xla",
    "xla_flags",
    "determinism",
    "device",
)


XLA_VARIABLES = ("XLA_FLAGS", "TF_XLA_FLAGS")


def make_deterministic() -> None:
    """Make operations give the same bits every time; on a CPU the cost is not measurable."""
    tf.config.experimental.enable_op_determinism()


def environment_of(device: str, seed: int, command: tuple[str, ...] = ()) -> Environment:
    """Versions, machine and settings, as a run records them."""
    return Environment(
        rnnbuild=version("rnnbuild"),
        tensorflow=tf.__version__,
        keras=keras.__version__,
        numpy=version("numpy"),
        numba=version("numba"),
        scipy=version("scipy"),
        python=platform.python_version(),
        system=platform.platform(),
        machine=platform.machine(),
        processor=processor_name(),
        processors=os.cpu_count(),
        threads=Threads(
            intra_op=tf.config.threading.get_intra_op_parallelism_threads(),
            inter_op=tf.config.threading.get_inter_op_parallelism_threads(),
        ),
        openblas_coretype=os.environ.get("OPENBLAS_CORETYPE", "default"),
        onednn=os.environ.get("TF_ENABLE_ONEDNN_OPTS", "default"),
        onednn_isa=os.environ.get("ONEDNN_MAX_CPU_ISA", "default"),
        xla=tf.config.optimizer.get_jit() or "off",
        xla_flags=" ".join(os.environ.get(key, "") for key in XLA_VARIABLES).strip(),
        determinism=True,
        device=device,
        seed=seed,
        command=command,
        bits="the same config, data, versions and settings give the same bits on one machine; "
        "another version, device, oneDNN or XLA setting may not",
    )
