"""environment.json: what a run's bits depend on besides its config and data."""

from dataclasses import dataclass

from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.record import Count, RecordFile


@dataclass(frozen=True, kw_only=True)
class Threads:
    """TensorFlow's pools; 0 leaves the number to TensorFlow."""

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
    """None where the system does not say."""
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
    """As it was typed; empty where Python was the caller."""
    bits: str
    """What all this is recorded for, in a sentence."""


ENVIRONMENT = RecordFile(
    Environment, "restore it from a copy, or train the run anew: nothing else knows its machine"
)


def read_environment(run: RunDirectory) -> Environment:
    """Raises RunError where it is missing or damaged."""
    return ENVIRONMENT.read(run.environment)


def write_environment(run: RunDirectory, environment: Environment) -> None:
    """Raises OSError."""
    ENVIRONMENT.write(run.environment, environment)
