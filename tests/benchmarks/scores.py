"""Test scores after equal training: rnnbuild, the same with batches of any lengths, Keras' `fit`.

    python -m tests.benchmarks.scores [--corpora atis-slots,mr] [--cells gru,lstm] [--runs FILE]

Speed is worth nothing if it costs score. Each of three seeds trains all three ways with the same
layers, optimizer, batch size and number of updates; what is printed is the mean of the differences
between the runs of one seed, with its 95 % interval (Student's t, two degrees of freedom: wide).
What is measured is added to FILE, line by line, so that this can be stopped and continued.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from statistics import mean

from scipy import stats

from tests.benchmarks.corpora import CORPORA
from tests.benchmarks.interleaved import ROOT
from tests.corpora import FOLDER

SEEDS = (1, 2, 3)
EPOCHS = {"atis-slots": 20, "atis-intents": 12, "mr": 3, "imdb": 1}
WAYS = ("rnnbuild", "mixed", "keras")
Scores = dict[str, float]
"""By the words that a run was started with."""


def main(
    data: Path = FOLDER,
    corpora: Sequence[str] = tuple(CORPORA),
    cells: Sequence[str] = ("gru", "lstm"),
    runs: Path | None = None,
) -> None:
    """Print a line for each corpus and cell."""
    if not data.is_dir():
        print(f"  left out: there is no folder {data} with the corpora; `--data` names another")
        return
    with tempfile.TemporaryDirectory() as folder:
        runs = runs or Path(folder) / "scores.jsonl"
        print("  one layer of 64 units both ways; differences in points of the main metric")
        for corpus, cell in product(corpora, cells):
            scores = {way: scores_of(way, corpus, cell, data, runs) for way in WAYS}
            own = scores["rnnbuild"]
            print(
                f"  {corpus:<13}{cell:<5} {EPOCHS[corpus]} epochs: rnnbuild {mean(own):.1f}; "
                f"less mixed lengths {difference(own, scores['mixed'])}; "
                f"less Keras {difference(own, scores['keras'])}",
                flush=True,
            )


def scores_of(way: str, corpus: str, cell: str, data: Path, runs: Path) -> list[float]:
    """Of every seed; what `runs` holds already is not trained again."""
    known: Scores = {}
    if runs.is_file():
        for line in runs.read_text(encoding="utf-8").splitlines():
            known |= json.loads(line)
    scores = []
    for seed in SEEDS:
        words = [way, corpus, cell, str(EPOCHS[corpus]), str(seed)]
        name = " ".join(words)
        if name not in known:
            known[name] = trained(words, data)
            with runs.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps({name: known[name]}) + "\n")
        scores.append(known[name])
    return scores


def trained(words: Sequence[str], data: Path) -> float:
    """Raises CalledProcessError where the run fails."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.contenders.scored", *words, str(data)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    return float(done.stdout.split()[-1])


def difference(scores: Sequence[float], others: Sequence[float]) -> str:
    """`+0.2 (-0.4 to 0.8)`: the mean over seeds, and its interval."""
    pairs = [one - other for one, other in zip(scores, others, strict=True)]
    if len(set(pairs)) == 1:
        return f"{pairs[0]:+.1f} (every seed)"
    low, high = stats.ttest_1samp(pairs, 0).confidence_interval(0.95)
    return f"{mean(pairs):+.1f} ({low:.1f} to {high:.1f})"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, default=FOLDER)
    parser.add_argument("--corpora", default=",".join(CORPORA))
    parser.add_argument("--cells", default="gru,lstm")
    parser.add_argument("--runs", type=Path, help="where scores are kept")
    given = parser.parse_args()
    main(given.data, given.corpora.split(","), given.cells.split(","), given.runs)
