"""The machine: Python, system, CPUs, memory, GPUs."""

import platform
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from rnnbuild.analysis.cudnn import has_gpu
from rnnbuild.doctor.finding import Finding
from rnnbuild.doctor.paths import short_path
from rnnbuild.formatting import plural, size_text
from rnnbuild.threads import VARIABLE, processor_name, processors, stated_threads

LITTLE_MEMORY = 2_000_000_000
"""Bytes: TensorFlow and a small network take half of it."""
CGROUP = Path("/sys/fs/cgroup")
"""Where Linux says what a container may take (kernel.org, "Control Group v2")."""


def machine(gpus: tuple[str, ...] | None) -> Iterator[Finding]:
    """What the machine has; `gpus` are those that TensorFlow sees, None without TensorFlow."""
    own = Path(__file__).parents[1]
    yield Finding("versions", "rnnbuild", f"{version('rnnbuild')} in {short_path(own)}")
    python = f"{platform.python_version()}, {short_path(Path(sys.executable))}"
    yield Finding("versions", "Python", python)
    yield Finding("machine", "system", platform.platform())
    yield Finding("machine", "processor", processor_name() or platform.machine())
    stated = f", as {VARIABLE} states" if stated_threads() else f": {VARIABLE} is not set"
    yield Finding("machine", "CPUs to compute with", f"{processors()}{stated}")
    yield memory()
    yield devices(gpus)


def memory() -> Finding:
    """What is free of the machine's memory, or of the container's."""
    free, limit = _free_memory(), _container_limit()
    looked_at = "free memory"
    if free is None:
        return Finding("machine", looked_at, "unknown: this system does not say")
    if limit is not None and limit < free:
        free, looked_at = limit, "memory of the container"
    if free < LITTLE_MEMORY:
        return Finding(
            *("machine", looked_at, size_text(free)),
            verdict="note",
            fix="a smaller `training.batch_size`, or fewer programs beside it, take less",
        )
    return Finding("machine", looked_at, size_text(free))


def _free_memory() -> int | None:
    try:
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    return None


def _container_limit() -> int | None:
    """Bytes that the container leaves; None where it has no limit."""
    try:
        most = (CGROUP / "memory.max").read_text().strip()
        used = int((CGROUP / "memory.current").read_text())
        return None if most == "max" else int(most) - used
    except (OSError, ValueError):
        return None


def devices(gpus: tuple[str, ...] | None) -> Finding:
    """Where networks are trained: on the GPUs that TensorFlow sees, else on the CPUs."""
    looked_at = "devices that TensorFlow sees"
    if gpus is None:
        return Finding("machine", looked_at, "not looked at: TensorFlow cannot be imported", "note")
    if gpus:
        return Finding("machine", looked_at, f"{plural(len(gpus), 'GPU')}: {', '.join(gpus)}")
    if has_gpu():
        return Finding(
            *("machine", looked_at, "the CPU alone, though there is a driver of NVIDIA's"),
            verdict="note",
            fix='install NVIDIA\'s libraries: pip install "rnnbuild[gpu]"',
        )
    return Finding("machine", looked_at, "the CPU; no driver of NVIDIA's is installed")
