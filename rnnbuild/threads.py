"""How many threads a process computes with.

RNNBUILD_THREADS states it, for every command: for the kernels, TensorFlow, and the libraries below
NumPy and SciPy. Without it each takes as many as there are CPUs. An affinity would do for all of
them as well, but not on every system, and two programs would be given the same CPUs.

No bit of the kernels depends on the number, but sums of TensorFlow and BLAS may: a run records it.
"""

import os
import platform
from functools import cache
from pathlib import Path

from rnnbuild.errors import RequestError

VARIABLE = "RNNBUILD_THREADS"
LIBRARIES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""Read by BLAS and OpenMP when they are loaded."""


def stated_threads() -> int | None:
    """The number that the environment states. Raises RequestError for anything but a number."""
    text = os.environ.get(VARIABLE, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and 0 < int(text) < 1 << 16):
        raise RequestError(
            f"{VARIABLE} is `{text}`, which is not a number of threads",
            f"{VARIABLE}=2, or unset it to use every CPU",
        )
    return int(text)


@cache
def processors() -> int:
    """The number of threads to compute with: as stated, else the CPUs that this process may use.

    Raises RequestError.
    """
    return stated_threads() or usable_processors()


def usable_processors() -> int:
    """CPUs that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def processor_name() -> str:
    """The CPU's model: its vector instructions determine the order of summation."""
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as stream:
            for line in stream:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor()


def environment_for(threads: int) -> dict[str, str]:
    """Variables for a process that is to compute with so many threads."""
    return dict.fromkeys((VARIABLE, *LIBRARIES), str(threads))


def limit_libraries() -> None:
    """Make the libraries of this process, none of which is loaded yet, use the stated number.

    Raises RequestError.
    """
    if threads := stated_threads():
        os.environ.update(environment_for(threads))
