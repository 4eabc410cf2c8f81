"""Answers by onnxruntime against answers by the kernels: one text, and a file of many rows.

Processor seconds of whole programs, start included. Answers take either engine by the size of each
batch (`rnnbuild/models/engines.py`); here one of them has all batches.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import product
from math import prod
from pathlib import Path
from statistics import median

from tests.benchmarks.corpora import made_reviews
from tests.benchmarks.interleaved import ROOT, Program, interleaved, ratios, spread

CONFIG = """
data: {{train: small.csv}}
model:
  embedding: {{output_dim: 64}}
  layers: [{{cell: {cell}, units: {units}}}]
training: {{epochs: 1, batch_size: 64}}
"""
CELLS = ("simple_rnn", "gru", "lstm")
UNITS = (64, 256, 512)
PREDICT = """
import pathlib, sys
from rnnbuild.cli.app import main
from rnnbuild.models import engines
pathlib.Path(sys.argv[-1]).unlink(missing_ok=True)
engines.SMALL_BATCH = int(sys.argv.pop(1))
main()
"""
SMALL_BATCHES = {"onnxruntime": "1000000000", "kernels": "0"}
ONE = ("a good plot",)


def main(rows: int = 20_000, rounds: int = 2) -> None:
    """Print a line a model: seconds for one text, and for the file the ratio of the two."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made_reviews(folder / "small.csv", 400, words=20)
        made_reviews(folder / "many.csv", rows, words=20, seed=2)
        print(f"  processor seconds: one text by either; {rows:,} rows, onnxruntime / kernels")
        medians = []
        for cell, units in product(CELLS, UNITS):
            run = trained(folder, cell, units)
            table = ("--input", str(folder / "many.csv"), "--output", str(folder / "answers.csv"))
            one, many = (processor_seconds(folder / run, what, rounds) for what in (ONE, table))
            starts = ", ".join(f"{name} {median(seconds):.2f}" for name, seconds in one.items())
            slower = ratios(many["onnxruntime"], many["kernels"])
            print(f"  {cell:10} {units:4}  {starts:34} {spread(slower, '×')}", flush=True)
            medians.append(median(slower))
        print(f"  geometric mean of the ratios: {prod(medians) ** (1 / len(medians)):.2f}")


def trained(folder: Path, cell: str, units: int) -> str:
    """The folder of a run, hardly trained."""
    (folder / "config.yaml").write_text(CONFIG.format(cell=cell, units=units))
    run = f"{cell}-{units}"
    subprocess.run(
        [sys.executable, "-m", "rnnbuild", "train", "config.yaml", "--run-dir", run, "-q"],
        cwd=folder,
        check=True,
        capture_output=True,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )
    return run


def processor_seconds(run: Path, what: Sequence[str], rounds: int) -> dict[str, list[float]]:
    """Of each engine, in each round."""
    programs = {
        name: Program([sys.executable, "-c", PREDICT, size, "predict", str(run), *what])
        for name, size in SMALL_BATCHES.items()
    }
    times = interleaved(programs, rounds)
    return {name: [run.processor for run in runs] for name, runs in times.items()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2)
    main(rounds=parser.parse_args().rounds)
