"""Programs timed in turn: the machine's speed changes from minute to minute, so that only runs
that follow one another at once can be compared, and only their ratios mean anything."""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Program:
    """What is started, again and again, and how it ended when all went well."""

    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


class Times(NamedTuple):
    """Of one run, in seconds."""

    wall: float
    processor: float
    """Of all cores together: it grows less than the wall time where others use the machine."""
    told: float = 0.0
    """What the program itself printed last, where that is a number: the seconds of a part."""


@contextmanager
def surroundings() -> Iterator[dict[str, str]]:
    """The environment of every program: byte code is kept, as where a program is installed."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        yield environment


def timed(program: Program, environment: Mapping[str, str]) -> Times:
    """One run. Raises RuntimeError with what it printed where it fails."""
    used, started = processor_seconds(), time.perf_counter()
    done = subprocess.run(
        program.command,
        env={**environment, **program.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    wall = time.perf_counter() - started
    taken = Times(wall, processor_seconds() - used, number_at_end(done.stdout))
    if done.returncode:
        raise RuntimeError(f"{' '.join(program.command)} failed:\n{done.stderr}")
    return taken


def number_at_end(text: str) -> float:
    """The last word of a program's output, 0 where it is no number."""
    try:
        return float(text.split()[-1])
    except (IndexError, ValueError):
        return 0.0


def processor_seconds() -> float:
    """Of all programs that have ended so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def interleaved(programs: Mapping[str, Program], rounds: int) -> dict[str, list[Times]]:
    """Times of each program in each round; a first round, not counted, warms caches up."""
    times: dict[str, list[Times]] = {name: [] for name in programs}
    with surroundings() as environment:
        for number in range(rounds + 1):
            for name, program in programs.items():
                taken = timed(program, environment)
                if number:
                    times[name].append(taken)
            if sys.stderr.isatty():
                print(f"\r  round {number} of {rounds}", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print("\r" + " " * 30 + "\r", end="", file=sys.stderr, flush=True)
    return times


def ratios(times: Sequence[float], others: Sequence[float]) -> list[float]:
    """Of the runs of one round to each other."""
    return [one / other for one, other in zip(times, others, strict=True)]


def spread(values: Sequence[float], unit: str) -> str:
    """`12.4× (11.0 to 13.1)`: the median, the least and the greatest."""
    return f"{median(values):7.2f} {unit}  ({min(values):.2f} to {max(values):.2f})"
