"""A step of training at every size that people use: rnnbuild and PyTorch in turns.

    python -m tests.benchmarks.grid [--results FILE] [--cells lstm] [--units 64,512] [--depth 2] ...

A point is a cell, one way or both, units, steps T and batch; rows of full length, an embedding of
2,000 words by 128, five labels, Adam. Every contender is one process that goes through the points
and waits between its turns; a point's ratio is the median over the rounds of PyTorch's seconds by
ours. With `--against keras` or `xla` the other is rnnbuild itself in that way, which shows what
`training.speed: auto` should have taken. With `--results` each point is written as a line of JSON
when it is done, and points that are there already are left out: a run that was stopped goes on.
With `--table` nothing is measured: the file's points are printed as the table of RESULTS.md.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from statistics import geometric_mean, median
from typing import Any

import numpy as np

from tests.benchmarks.contenders.protocol import Model, Piece, write
from tests.benchmarks.epochs import CELLS, process_of, torch_python

UNITS, STEPS, BATCHES = (32, 64, 128, 256, 512, 1024), (25, 100, 400), (1, 32, 128)
VOCABULARY, WIDTH, LABELS = 2000, 128, 5
ENOUGH = 3e10
"""Floating-point operations of an epoch that is timed, or those of three steps if more."""
GATES = {"simple_rnn": 1, "gru": 3, "lstm": 4}


@dataclass(frozen=True)
class Point:
    cell: str
    bidirectional: bool
    units: int
    steps: int
    batch: int
    depth: int = 1

    @property
    def operations(self) -> float:
        """Of a step: forward, and twice as many back."""
        directions = 2 if self.bidirectional else 1
        widths = [WIDTH] + [directions * self.units] * (self.depth - 1)
        columns = GATES[self.cell] * self.units * directions
        return sum(
            6.0 * self.batch * self.steps * columns * (self.units + width) for width in widths
        )


def points(options: argparse.Namespace) -> Iterator[Point]:
    for cell, both, units, steps, batch in product(
        options.cells, options.ways, options.units, options.steps, options.batches
    ):
        if units < 1024 or steps == 25:
            yield Point(cell, both, units, steps, batch, options.depth)


def piece_of(point: Point) -> tuple[Piece, int]:
    """Rows for some steps of training, and how many."""
    count = int(np.clip(ENOUGH / point.operations, 3, 60))
    rows = count * point.batch
    draw = np.random.default_rng(1)
    model = Model(
        point.cell,
        point.bidirectional,
        point.units,
        WIDTH,
        VOCABULARY,
        LABELS,
        False,
        point.batch,
    )
    values = draw.integers(2, VOCABULARY, rows * point.steps).astype(np.int32)
    offsets = np.arange(rows + 1, dtype=np.int64) * point.steps
    targets = draw.integers(0, LABELS, rows).astype(np.int32)
    return Piece(model, values, offsets, targets, point.steps), count


class Contender:
    """A process that prepares pieces, and trains an epoch of the last one when asked."""

    def __init__(self, process: "subprocess.Popen[str]"):
        self.process = process

    def seconds(self, path: str = "") -> float:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(path + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.startswith(("ready ", "done ")):
                return float(line.split()[1])
        raise SystemExit(f"a contender ended early: {self.process.args!r}")


@contextmanager
def contender(python: str, module: str, *arguments: str) -> Iterator[Contender]:
    with process_of(python, module, *arguments) as process:
        yield Contender(process)


def measured(path: str, ours: Contender, other: Contender, rounds: int) -> tuple[float, float]:
    """Our median seconds of an epoch, and the median ratio of the other's to ours."""
    ours.seconds(path), other.seconds(path)
    seconds, ratios = [], []
    for _ in range(rounds):
        seconds.append(ours.seconds())
        ratios.append(other.seconds() / seconds[-1])
    return median(seconds), median(ratios)


def main(options: argparse.Namespace | None = None) -> None:
    """Print a line for each point, and the geometric mean."""
    options = options or parsed([])
    done = results_in(options.results)
    if options.table:
        print("\n".join(table_of(done)))
        return
    python = torch_python() if options.against == "torch" else sys.executable
    if python is None:
        print("PyTorch is not installed, so nothing is compared: pip install 'rnnbuild[bench]'")
        return
    print(f"  cell       both  units    T  batch  ours ms  {options.against}/ours  GFLOP/s")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        depth = str(options.depth)
        ours = stack.enter_context(contender(sys.executable, "steps_of_ours", depth, "auto"))
        other = stack.enter_context(
            contender(python, "steps_of_pytorch", depth)
            if options.against == "torch"
            else contender(python, "steps_of_ours", depth, options.against)
        )
        path = Path(folder) / "piece.npz"
        for point in points(options):
            key = asdict(point) | {"against": options.against}
            if not any(key.items() <= row.items() for row in done):
                piece, count = piece_of(point)
                write(piece, path)
                seconds, ratio = measured(str(path), ours, other, options.rounds)
                done.append(key | {"ms": 1000 * seconds / count, "ratio": ratio})
                if options.results:
                    with options.results.open("a", encoding="utf-8") as stream:
                        stream.write(json.dumps(done[-1]) + "\n")
            print_row(point, next(row for row in done if key.items() <= row.items()))
    chosen = [row["ratio"] for row in done if row["against"] == options.against]
    print(f"geometric mean {geometric_mean(chosen):.2f}, least {min(chosen):.2f}")


def results_in(path: Path | None) -> list[dict[str, Any]]:
    if path is None or not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def table_of(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Lines of Markdown: a row for each layer and number of steps, a column for each batch."""
    found = {
        (
            row["cell"],
            row["bidirectional"],
            row["depth"],
            row["units"],
            row["steps"],
            row["batch"],
        ): (f"{row['ms']:.1f} ms, {row['ratio']:.2f}")
        for row in rows
        if row["against"] == "torch"
    }
    yield "| layer | T | " + " | ".join(f"B {batch}" for batch in BATCHES) + " |"
    yield "|---|---|" + "---|" * len(BATCHES)
    for cell, both, depth, units in product(CELLS, (False, True), (1, 2), UNITS):
        for steps in STEPS:
            points = [found.get((cell, both, depth, units, steps, batch)) for batch in BATCHES]
            if any(points):
                name = {"simple_rnn": "SimpleRNN"}.get(cell, cell.upper())
                layer = f"{name} {units}" + ", both ways" * both + ", two layers" * (depth > 1)
                yield f"| {layer} | {steps} | {' | '.join(point or '' for point in points)} |"


def print_row(point: Point, row: dict[str, Any]) -> None:
    both, speed = "yes" if point.bidirectional else "no", point.operations / row["ms"] / 1e6
    print(
        f"  {point.cell:<11}{both:<6}{point.units:>5}{point.steps:>5}{point.batch:>7}"
        f"{row['ms']:>9.2f}{row['ratio']:>12.2f}{speed:>9.0f}",
        flush=True,
    )


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    def numbers(text: str) -> list[int]:
        return [int(word) for word in text.split(",")]

    def ways(text: str) -> list[bool]:
        return [word == "both" for word in text.split(",")]

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=Path)
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--cells", type=lambda text: text.split(","), default=CELLS)
    parser.add_argument(
        "--ways",
        type=lambda text: [word == "both" for word in text.split(",")],
        default=(False, True),
    )
    parser.add_argument("--units", type=numbers, default=UNITS)
    parser.add_argument("--steps", type=numbers, default=STEPS)
    parser.add_argument("--batches", type=numbers, default=BATCHES)
    parser.add_argument("--depth", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--against", choices=("torch", "keras", "xla"), default="torch")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main(parsed(sys.argv[1:]))
