"""Twelve small runs by two workers of one thread each, against one of one thread, and one of two.

Run by itself, `python -m tests.benchmarks.workers --rounds 1 --epochs 1`, for other numbers.
"""

import argparse
import sys
import tempfile
from collections import deque
from pathlib import Path

from rnnbuild.runs.history import HistoryLine
from rnnbuild.studies.job import Ended, Job
from rnnbuild.workers.pool import train_with
from tests.benchmarks.interleaved import Program, interleaved, ratios, spread

RUNS = 12
CONFIG = """
data: {{dataset: languages}}
model:
  embedding: {{output_dim: 32}}
  layers: [{{cell: gru, units: 64}}]
training: {{epochs: {epochs}, batch_size: 64}}
"""


class Runs:
    """A listener that asks for the runs of one config and many seeds, and has them finished."""

    def __init__(self, folder: Path, epochs: int):
        config = folder / "config.yaml"
        config.write_text(CONFIG.format(epochs=epochs), encoding="utf-8")
        self.jobs = deque(
            Job(
                name=f"seed-{seed}",
                run=folder / f"seed-{seed}",
                config=config,
                seed=seed,
                data_folder=folder,
                log=folder / f"seed-{seed}.log",
            )
            for seed in range(1, RUNS + 1)
        )

    def next_job(self) -> Job | None:
        return self.jobs.popleft() if self.jobs else None

    def started(self, job: Job) -> None: ...

    def evaluated(self, job: Job, line: HistoryLine) -> bool:
        return True

    def remarked(self, job: Job, text: str) -> None: ...

    def ended(self, job: Job, ended: Ended) -> None:
        if ended.error or ended.cut:
            raise RuntimeError(f"{job.name}: {ended.error}")


def train(workers: int, threads: int, epochs: int) -> None:
    """All runs, in a folder that is deleted afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        train_with(Runs(Path(folder), epochs), workers, threads)


def program(workers: int, threads: int, epochs: int) -> Program:
    source = f"from tests.benchmarks.workers import train; train({workers}, {threads}, {epochs})"
    return Program([sys.executable, "-c", source])


def main(rounds: int = 2, epochs: int = 3) -> None:
    """Print the wall times, and ratios of rounds."""
    programs = {
        "one worker, one thread": program(1, 1, epochs),
        "two workers, one thread each": program(2, 1, epochs),
        "one worker, two threads": program(1, 2, epochs),
    }
    times = {
        name: [run.wall for run in runs] for name, runs in interleaved(programs, rounds).items()
    }
    for name, walls in times.items():
        print(f"  {name:<32}{spread(walls, 's')}")
    one, two, wide = times.values()
    print(f"  {'two workers against one':<32}{spread(ratios(one, two), '×')}  at least 1.7")
    print(f"  {'against one with two threads':<32}{spread(ratios(wide, two), '×')}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=3)
    main(**vars(parser.parse_args()))
