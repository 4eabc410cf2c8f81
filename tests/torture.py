"""Long tests, in parts of at most 30 minutes on two cores; `make torture` runs all of them.

    python -m tests.torture             every part, one after the other
    python -m tests.torture kills data  these

A part is either some of the tests marked `torture`, or the tests that compute with floating-point
numbers as they run on another processor: numerical libraries choose their code by the machine's
instructions, and these settings make them choose other code.
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
LIMIT_MINUTES = 30


@dataclass(frozen=True)
class Part:
    about: str
    paths: tuple[str, ...]
    marked: bool = True
    """Whether the tests marked `torture` are run, or all others."""
    environment: Mapping[str, str] = field(default_factory=dict)
    spread: bool = False
    """Whether the tests of one file are for both cores."""


NUMERICAL = (
    "tests/analysis",
    "tests/inference",
    "tests/metrics",
    "tests/models",
    "tests/training",
    "tests/data",
    "tests/cli/test_predict.py",
    "tests/cli/test_evaluate.py",
    "tests/cli/test_translation.py",
    "tests/test_readme.py",
)


def on(about: str, **environment: str) -> Part:
    """The tests with numbers, under settings that choose the libraries' code."""
    return Part(about, NUMERICAL, marked=False, environment=environment)


PARTS = {
    "kills": Part(
        "runs killed and stopped at any moment",
        ("tests/training/test_resume.py", "tests/training/test_folds.py", "tests/workers"),
    ),
    "damage": Part(
        "runs killed between any two writes, and every file of a run damaged in every way",
        (
            "tests/training/test_kills_between_files.py",
            "tests/training/test_start.py",
            "tests/runs",
        ),
    ),
    "learning": Part(
        "every bundled dataset is learned by the config of its name",
        (
            "tests/training/test_bundled.py",
            "tests/training/test_compilation.py",
            "tests/training/test_series.py",
        ),
    ),
    "models": Part(
        "thousands of random models",
        (
            "tests/analysis",
            "tests/models",
            "tests/training/test_carried_state.py",
            "tests/training/test_freezing.py",
        ),
    ),
    "exports": Part(
        "every kind of data and every layer in every format; a tutorial's model, adopted",
        ("tests/export", "tests/adoption"),
    ),
    "intervals": Part("intervals contain the truth as often as they say", ("tests/metrics",)),
    "studies": Part("60 runs with three kills", ("tests/studies/test_many_runs.py",)),
    "simulations": Part(
        "10,000 simulated studies: verdicts are wrong as rarely as they say",
        ("tests/studies/test_simulations.py",),
    ),
    "data": Part("whole datasets and large files", ("tests/data", "tests/cli")),
    "pages": Part("pages of every kind of run in a browser", ("tests/reports",)),
    "serving": Part(
        "a server under load: 200 clients, clients that hang up, overload, streams",
        ("tests/serving",),
    ),
    "install": Part(
        "the package installed by pip, uv and pipx, on every Python and without TensorFlow; calls "
        "that other systems lack",
        ("tests/test_install.py", "tests/test_platforms.py"),
        spread=True,
    ),
    "configs": Part("100,000 damaged configs", ("tests/fuzz/test_configs.py",), spread=True),
    "files": Part("60,000 damaged data files", ("tests/fuzz/test_data_files.py",), spread=True),
    "avx2": on(
        "as on a processor with AVX2",
        OPENBLAS_CORETYPE="Haswell",
        NUMBA_CPU_NAME="haswell",
        ONEDNN_MAX_CPU_ISA="AVX2",
    ),
    "sse": on(
        "as on a processor without AVX",
        OPENBLAS_CORETYPE="Nehalem",
        NUMBA_CPU_NAME="nehalem",
        ONEDNN_MAX_CPU_ISA="SSE41",
    ),
    "generic": on(
        "as on any x86-64, and TensorFlow without oneDNN",
        OPENBLAS_CORETYPE="Prescott",
        NUMBA_CPU_NAME="generic",
        TF_ENABLE_ONEDNN_OPTS="0",
    ),
}


def run(part: Part) -> int:
    """pytest's exit code."""
    marker = "torture" if part.marked else "not torture"
    spread = ["--dist", "load"] if part.spread else []
    command = [sys.executable, "-m", "pytest", "-m", marker, "--durations=5", *spread, *part.paths]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **part.environment}).returncode


def main(names: list[str]) -> int:
    """0 if every part passed. Prints each part's minutes as it ends."""
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        print(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True
    ).stdout.strip()
    summary = []
    failed = False
    for name in names or PARTS:
        print(f"torture {name}: {PARTS[name].about}", flush=True)
        start = time.monotonic()
        passed = run(PARTS[name]) == 0
        minutes = (time.monotonic() - start) / 60
        failed |= not passed
        late = f", more than {LIMIT_MINUTES}" if minutes > LIMIT_MINUTES else ""
        summary.append(
            f"torture {name}: {'passed' if passed else 'FAILED'} in {minutes:.1f} minutes{late}"
            f" (commit {commit or 'unknown'})"
        )
        print(summary[-1], flush=True)
    if len(summary) > 1:
        print(*summary, sep="\n")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
