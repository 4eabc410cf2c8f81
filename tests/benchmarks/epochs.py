"""An epoch of training: rnnbuild, plain Keras `fit` and PyTorch on the same arrays, in turns.

    python -m tests.benchmarks.epochs --data DIR [--corpora atis-slots,mr] [--rounds 3]

Each contender is a process of its own that waits between its turns. A ratio is the other's seconds
by rnnbuild's in the same round, and what is printed is the median over the rounds; the first
epoch, with all that is built and compiled in it, stands apart. `--data` names a folder that holds
`atis/`, `mr/`, `imdb/` and `shakespeare/`, whose language model carries its state from batch to
batch in all three, and is in no mean. PyTorch runs where it is installed, or with the interpreter
that RNNBUILD_TORCH_PYTHON names.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import geometric_mean, median

import numpy as np

from rnnbuild.config.load import config_of
from rnnbuild.data.load import load_data
from rnnbuild.tasks.table import TASKS
from rnnbuild.tasks.traits import StatedHead
from tests.benchmarks.contenders.protocol import Model, Piece, write
from tests.benchmarks.corpora import CELLS, CORPORA, SHAKESPEARE, WIDTH
from tests.benchmarks.interleaved import ROOT
from tests.corpora import FOLDER

RACED = {**CORPORA, "shakespeare": SHAKESPEARE}
GOALS = (
    "goals: against keras at least 3 on atis and mr, 2 on imdb, geometric mean 3; "
    "against torch geometric mean 1, none below 0.75 (LSTM in one direction 0.6)"
)


def pieces(name: str, folder: Path, cells: Sequence[str]) -> Iterator[Piece]:
    """The corpus for each cell, in one direction and, where no state is carried, in both."""
    spec = RACED[name]
    config = config_of(
        {
            "task": spec.task,
            "data": spec.data | {"split": {"validation": 0}},
            "model": {"embedding": {"output_dim": WIDTH}, "layers": [{"cell": "gru", "units": 1}]},
        }
    )
    assert config.data is not None
    data = load_data(config.data, folder, config.task)
    train, facts = data.train, data.facts
    order = np.random.default_rng(1).permutation(len(train))
    # Where rows follow one another, the first ones do.
    chosen = (np.sort(order) if train.carries_state else order)[: spec.rows]
    lengths = train.lengths[chosen]
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    places = np.concatenate(
        [np.arange(s, s + n) for s, n in zip(train.starts[chosen], lengths, strict=True)]
    )
    targets = train.targets[places] if train.per_step else train.targets[chosen]
    for cell in (cell for cell in spec.cells if cell in cells):
        for bidirectional in (False,) if train.carries_state else (False, True):
            model = Model(
                cell,
                bidirectional,
                spec.units,
                WIDTH,
                facts.vocabulary_size or 2,
                TASKS[facts.task].head(facts, StatedHead(None, None)).units,
                train.per_step,
                spec.batch_size,
                train.carries_state,
            )
            yield Piece(model, train.values[places], offsets, targets, int(train.lengths.max()))


def environment() -> dict[str, str]:
    """A contender's: with threads that do not spin while they wait, which would keep the others,
    and the other contenders, from working."""
    return dict(os.environ) | {
        "PYTHONPATH": str(ROOT),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "OMP_WAIT_POLICY": "PASSIVE",
    }


@contextmanager
def process_of(python: str, module: str, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """A contender's process, which is killed at the end."""
    process = subprocess.Popen(
        [python, "-m", f"tests.benchmarks.contenders.{module}", *arguments],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def contender(module: str, piece: Path, python: str) -> Iterator["Contender"]:
    with process_of(python, module, str(piece)) as process:
        yield Contender(process)


class Contender:
    """A process that trains an epoch when asked."""

    def __init__(self, process: "subprocess.Popen[str]"):
        self.process = process
        self.first = self._seconds("ready")

    def epoch(self) -> float:
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        return self._seconds("done")

    def _seconds(self, word: str) -> float:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith(f"{word} "):
                return float(line.split()[1])
        raise SystemExit(f"a contender ended early: {self.process.args!r}")


def torch_python() -> str | None:
    """An interpreter that has PyTorch, or None."""
    python = os.environ.get("RNNBUILD_TORCH_PYTHON", sys.executable)
    found = subprocess.run([python, "-c", "import torch"], capture_output=True)
    return python if found.returncode == 0 else None


def main(
    data: Path = FOLDER,
    corpora: str = ",".join(RACED),
    cells: str = ",".join(CELLS),
    rounds: int = 3,
) -> None:
    """Print each ratio, and the geometric means."""
    if not data.is_dir():
        print(f"  left out: there is no folder {data} with the corpora; `--data` names another")
        return
    torch = torch_python()
    if torch is None:
        print("PyTorch is not installed, so it is left out: pip install 'rnnbuild[bench]'")
    against: dict[str, list[float]] = {"keras": [], "torch": []}
    print("ratios: the other's seconds by rnnbuild's, median (least to greatest) over rounds")
    print(f"{'corpus':<13}{'cell':<12}{'both':<6}{'ours s':>8}{'first':>7}  {'keras':<21}torch")
    for name in corpora.split(","):
        for piece in pieces(name, data, cells.split(",")):
            found = raced(piece, torch, rounds)
            for other, ratios in found.ratios.items():
                if name in CORPORA:
                    against[other].append(median(ratios))
            model = piece.model
            told = "  ".join(f"{spread(found.ratios[other]):<19}" for other in found.ratios)
            print(
                f"{name:<13}{model.cell:<12}{'yes' if model.bidirectional else 'no':<6}"
                f"{found.seconds:>8.2f}{found.first:>7.1f}  {told}",
                flush=True,
            )
    print(GOALS)
    for other, medians in against.items():
        if medians:
            print(
                f"geometric mean against {other}: {geometric_mean(medians):.2f}, "
                f"least {min(medians):.2f}"
            )


@dataclass(frozen=True)
class Raced:
    seconds: float
    """rnnbuild's median epoch."""
    first: float
    ratios: dict[str, list[float]]


def raced(piece: Piece, torch: str | None, rounds: int) -> Raced:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        path = Path(folder) / "piece.npz"
        write(piece, path)
        ours = stack.enter_context(contender("ours", path, sys.executable))
        others = {"keras": stack.enter_context(contender("keras_fit", path, sys.executable))}
        if torch is not None:
            others["torch"] = stack.enter_context(contender("pytorch", path, torch))
        seconds = []
        ratios: dict[str, list[float]] = {other: [] for other in others}
        for _ in range(rounds):
            seconds.append(ours.epoch())
            for other, process in others.items():
                ratios[other].append(process.epoch() / seconds[-1])
        return Raced(median(seconds), ours.first, ratios)


def spread(ratios: list[float]) -> str:
    return f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=FOLDER)
    parser.add_argument("--corpora", default=",".join(RACED))
    parser.add_argument("--cells", default=",".join(CELLS))
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    main(given.data, given.corpora, given.cells, given.rounds)
