"""Text that the network of the config `shakespeare` writes: the start, and 2,000 characters.

The goal is at most 0.2 seconds for these, after the start. All are processor seconds, in turns.
`python -m tests.benchmarks.generation --rounds 3` for another number of rounds than ten.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from tests.benchmarks.interleaved import ROOT, Program, interleaved, spread

CHARACTERS = 2_000
CELLS = ("gru", "lstm")
RNNBUILD = [sys.executable, "-m", "rnnbuild"]
WAYS = {
    "by the probabilities": ("--seed", "1"),
    "temperature 0.8, top-k 40": ("--seed", "1", "--temperature", "0.8", "--top-k", "40"),
    "top-p 0.9": ("--seed", "1", "--top-p", "0.9"),
}


def main(rounds: int = 10) -> None:
    """Print the time of a start, and of the characters beyond it."""
    with tempfile.TemporaryDirectory() as folder:
        for cell in CELLS:
            run = Path(folder, cell)
            train_one_step(run, cell)
            measure(run, cell, rounds)


def train_one_step(run: Path, cell: str) -> None:
    """A run whose weights are next to random, which takes as long to write as any."""
    options = ("--set", f"cell={cell}", "--steps", "1", "--run-dir", run, "-q")
    train = [*RNNBUILD, "train", "shakespeare", *options]
    subprocess.run(train, check=True, capture_output=True, cwd=ROOT)


def measure(run: Path, cell: str, rounds: int) -> None:
    def program(length: int, *options: str) -> Program:
        command = [*RNNBUILD, "generate", str(run), "--length", str(length), *options]
        # Set, as in some containers, it makes a system call of each character.
        return Program(command, {"PYTHONUNBUFFERED": ""})

    start = program(1, "--seed", "1")
    programs = {"start": start, **{way: program(CHARACTERS, *WAYS[way]) for way in WAYS}}
    seconds = {
        name: [one.processor for one in times]
        for name, times in interleaved(programs, rounds).items()
    }
    print(f"  {cell}, 512 units: the first character  {spread(seconds['start'], 's')}")
    for way in WAYS:
        beyond = [all_ - start for all_, start in zip(seconds[way], seconds["start"], strict=True)]
        print(
            f"    {CHARACTERS:,} more, {way:<26} {spread(beyond, 's')}  "
            f"{1e6 * median(beyond) / CHARACTERS:.0f} microseconds each"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    main(parser.parse_args().rounds)
