"""environment.json: what a run's exact results depend on besides its config and data."""

from dataclasses import dataclass

from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.record import RecordFile
from rnnbuild.typed_values import Count


@dataclass(frozen=True, kw_only=True)
class Threads:
    """Sizes of TensorFlow's thread pools; 0 lets TensorFlow choose."""

    intra_op: Count
    inter_op: Count


@dataclass(frozen=True, kw_only=True)
class Environment:
    """Versions, machine and settings."""

    rnnbuild: str
    tensorflow: str
    keras: str
    numpy: str
    numba: str
    scipy: str
    python: str
    system: str
    machine: str
    processor: str
    processors: int | None
    """Number of CPUs; None where the system does not say."""
    threads: Threads
    openblas_coretype: str
    onednn: str
    onednn_isa: str
    xla: str
    xla_flags: str
    determinism: bool
    device: str
    seed: int
    command: tuple[str, ...]
    """The command line; empty if the run was started from Python."""
    bits: str
    """A sentence that says why all this is recorded."""


ENVIRONMENT = RecordFile(
    Environment, "restore it from a copy, or train again: only this file records the machine"
)


def read_environment(run: RunDirectory) -> Environment:
    """The environment of a run. Raises RunError where the file is missing or damaged."""
    return ENVIRONMENT.read(run.environment)


def write_environment(run: RunDirectory, environment: Environment) -> None:
    """Write the file. Raises OSError."""
    ENVIRONMENT.write(run.environment, environment)
