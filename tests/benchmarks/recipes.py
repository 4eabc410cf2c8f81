"""What the bundled recipes reach on real data: the median of three seeds, in RECIPES.md.

    python -m tests.benchmarks.recipes --data-dir ../shared/data --runs FOLDER [--only NAME]...

Each run is `rnnbuild train` of a bundled config. Its folder stays in FOLDER, so this can be
stopped at any time and started again: what is finished is not trained again, and what was stopped
is continued. After every run RECIPES.md is written anew from all that FOLDER holds; rows of recipes
that have no run there stay as they are.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rnnbuild.config.bundled import bundled_config_names
from rnnbuild.wording.metric_names import metric_name
from tests.benchmarks.interleaved import ROOT

PAGE = Path(__file__).parent / "RECIPES.md"
SEEDS = (1, 2, 3)
FRACTIONS = frozenset({"entity_f1", "accuracy", "exact_match"})
"""Metrics from 0 to 1, which are shown as percentages."""


def shown(metric: str, score: float) -> str:
    if metric in FRACTIONS:
        return f"{100 * score:.1f}"
    return f"{score:.1f}" if metric == "bleu" else f"{score:.3f}"


@dataclass(frozen=True)
class Recipe:
    """A bundled config, the settings it is measured under, and what its score is held against."""

    config: str
    metrics: tuple[str, ...]
    """As `metrics.json` names them; the goal is of the first."""
    goal: float | None = None
    least: bool = False
    """Whether a smaller score is better."""
    settings: tuple[str, ...] = ()
    folder: str = ""
    """Within the data folder, what the config's paths start from."""
    split: str = "test"
    """The split that the scores are of."""
    known: str = ""
    """Figures of others on the same data, with their source."""
    remarks: str = ""
    """What was tried, and what did not help."""

    @property
    def bundled(self) -> str:
        """The name that `rnnbuild train` knows: `recipes/mr`; `shakespeare` with its own data."""
        name = f"recipes/{self.config}"
        return name if name in bundled_config_names() else self.config

    @property
    def name(self) -> str:
        """`atis-slots`, or `atis-slots vocabulary.unknown=one`."""
        keys = (setting.removeprefix("data.").removeprefix("model.") for setting in self.settings)
        return " ".join((self.config, *keys))

    def reached(self, score: float) -> bool:
        if self.goal is None:
            return True
        return score < self.goal if self.least else score >= self.goal


ATIS = "Goo et al. 2018 on this split"
RECIPES = (
    Recipe(
        "atis-slots",
        ("entity_f1",),
        0.95,
        known="most frequent tag 60.4; Elman network 94.2 to 94.5 (Mesnil's tutorial); attention "
        f"BiRNN 94.2 ({ATIS}); attention BiRNN 95.98 (Liu and Lane 2016)",
        remarks="tried with seed 1 (validation / test): as bundled, 96.7 / 95.2; 20 epochs, 96.5 "
        "/ 94.9; embedding dropout of 0.5, 96.3 / 95.0.",
    ),
    Recipe("atis-slots", ("entity_f1",), settings=("data.vocabulary.unknown=one",)),
    Recipe(
        "atis-intents",
        ("accuracy",),
        0.96,
        known="TF-IDF with logistic regression 91.5; attention BiRNN 91.1, joint sequence model "
        f"92.6 ({ATIS}); attention BiRNN 98.21 (Liu and Lane 2016)",
        remarks="tried with seed 1 (validation / test): as bundled, 97.4 / 96.4; 12 epochs, 97.0 / "
        "95.6; pooling by attention, 97.0 / 95.1; the last step, 97.2 / 96.2.",
    ),
    Recipe(
        "mr",
        ("accuracy",),
        0.776,
        known="naive Bayes 77.6; TF-IDF with logistic regression 76.5; LSTM 75.1 (Yao et al. "
        "2019); CNN from random vectors 76.1 (Kim 2014)",
        remarks="also tried (validation / test): layers of 32 and 64 units, embeddings of 64 to "
        "200, pooling by mean, max and attention, dropout of 0.5 to 0.7, weight decay of 0.3 and "
        "1.0, words seen once as unknown, nine settings, 76.3 to 77.7 / 76.6 to 77.5; whole words "
        "dropped (0.2, 0.4, 0.6; embedding dropout of 0.3), 76.5, 76.9, 76.2 / 76.5, 75.5, 77.1; "
        "with 0.2, embedding dropout of 0.5 and whole features dropped before pooling by max, "
        "attention, mean, 76.4, 77.9, 77.2 / 74.7, 76.9, 76.1. The 1,067 rows do not separate "
        "these; no validation loss is more than 0.001 below the bundled one's 0.483.",
    ),
    Recipe(
        "imdb",
        ("accuracy",),
        0.898,
        known="naive Bayes 82.3; TF-IDF with logistic regression 89.8; tuned LSTM 86.5 (Dai and "
        "Le 2015); Keras' BiLSTM example 84.3",
        remarks="tried with seed 1 (validation / test, validation loss): the last 400 of 20,000 "
        "words, max, dropout of each number, 90.0 / 88.7, 0.268; the last 1,000 of 30,000 words, "
        "90.4 / 89.1, 0.247; that with whole words dropped (0.4), 90.6 / 89.0, 0.259; with whole "
        "features dropped before the maximum, as bundled, 90.1 / 89.6, 0.241, in 3 epochs 89.7 / "
        "89.3, 0.251; attention over 500 words with weight decay, test 88.2; max over 500 words, "
        "dropout of 0.6 and weight decay, test 88.8. Validation loss picks the setting and the "
        "epoch: validation shares films with training, so its accuracy promises more than test "
        "holds.",
    ),
    Recipe(
        "airline",
        ("rmse",),
        14.0,
        least=True,
        known="same month of the year before 41.9; zero after both differences 15.4; AR(13) on "
        "logarithms 14.0; LSTM(4) 47.5 (Brownlee)",
    ),
    Recipe(
        "etth1",
        ("mse",),
        0.310,
        least=True,
        known="value a day earlier 0.424; one linear map 0.310; LSTMa 0.650 (Zhou et al. 2021)",
    ),
    Recipe("tatoeba", ("exact_match", "bleu"), folder="tatoeba"),
    Recipe("tatoeba", ("exact_match", "bleu"), settings=("data.reverse=false",), folder="tatoeba"),
    Recipe(
        "shakespeare",
        ("nats",),
        1.50,
        least=True,
        split="validation",
        known="unigram 3.347; xz 1.746; Kneser-Ney 6-gram 1.523 with three discounts an order, "
        "1.539 with one of 0.75; nanoGPT 1.88 after 3 minutes on a CPU, 1.47 after 3 on an A100 "
        "(its README)",
        remarks="below 1.88, nanoGPT's figure on a CPU, in the first epoch (1.693 after 18 "
        "seconds), below 1.50 in the fifth (1.474 after 93 seconds). With seed 1: embeddings from "
        "the usual 0.05, dropout of 0.4, 12 epochs 1.495; embeddings as bundled, dropout of 0.5, "
        "16 epochs 1.468; two layers with dropout of 0.4 behind each, 12 epochs 1.447.",
    ),
)


@dataclass(frozen=True)
class Measured:
    """A recipe with one seed."""

    seed: int
    scores: dict[str, float]
    """Of the recipe's split, by metric."""
    seconds: float
    """Of training, without loading and without the test split."""
    environment: dict[str, Any]


def main(data: Path, runs: Path, only: list[str], seeds: list[int]) -> None:
    """Train what is missing, one run after another, and write the page after each."""
    for recipe in RECIPES:
        for seed in seeds:
            wanted = not only or recipe.name in only
            if wanted and measured(recipe, seed, runs) is None:
                train(recipe, seed, data, runs)
                write_page(runs)
    write_page(runs)


def write_page(runs: Path) -> None:
    PAGE.write_text(page(runs, PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def folder_of(recipe: Recipe, seed: int, runs: Path) -> Path:
    return runs / f"{recipe.name.replace(' ', '-')}-{seed}"


def train(recipe: Recipe, seed: int, data: Path, runs: Path) -> None:
    """Train, or go on where it was stopped. Raises CalledProcessError where that fails."""
    folder = folder_of(recipe, seed, runs)
    if (folder / "checkpoints").is_dir() and any((folder / "checkpoints").iterdir()):
        arguments = ["resume", str(folder)]
    else:
        shutil.rmtree(folder, ignore_errors=True)  # stopped before its first checkpoint
        settings = [part for setting in recipe.settings for part in ("--set", setting)]
        arguments = ["train", recipe.bundled, "--seed", str(seed), *settings]
        arguments += ["--data-dir", str(data / recipe.folder), "--run-dir", str(folder)]
    print(f"{recipe.name}, seed {seed}: rnnbuild {' '.join(arguments)}", flush=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-m", "rnnbuild", *arguments], env=environment, check=True)


def measured(recipe: Recipe, seed: int, runs: Path) -> Measured | None:
    """What a finished run reached; None where it has not finished."""
    folder = folder_of(recipe, seed, runs)
    if not (folder / "metrics.json").is_file():
        return None
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    timings = (folder / "timings.jsonl").read_text(encoding="utf-8").splitlines()
    return Measured(
        seed=seed,
        scores={name: score["value"] for name, score in metrics["scores"][recipe.split].items()},
        seconds=json.loads(timings[-1])["seconds"],
        environment=json.loads((folder / "environment.json").read_text(encoding="utf-8")),
    )


def page(runs: Path, before: str = "") -> str:
    """RECIPES.md, from the runs that have finished, and from what it said of others `before`."""
    found = {
        recipe: [one for seed in SEEDS if (one := measured(recipe, seed, runs)) is not None]
        for recipe in RECIPES
    }
    found = {recipe: every for recipe, every in found.items() if every}
    header = ["recipe", "median", "seeds 1, 2, 3", "goal", "minutes", "known figures"]
    earlier = Earlier.of(before)
    rows = {
        recipe: line_of(row(recipe, found[recipe]))
        if recipe in found
        else earlier.rows[recipe.name]
        for recipe in RECIPES
        if recipe in found or recipe.name in earlier.rows
    }
    table = "\n".join([line_of(header), line_of(["---"] * len(header)), *rows.values()])
    unmeasured = [recipe.name for recipe in RECIPES if recipe not in rows]
    remarks = [f"- {recipe.name}: {recipe.remarks}" for recipe in rows if recipe.remarks]
    machines = {machine(one) for every in found.values() for one in every}
    return "\n".join(
        [
            "# What the recipes reach",
            "",
            "Test scores, and of `shakespeare` the scores of its validation split, written by "
            "`python -m tests.benchmarks.recipes`. Settings were chosen by "
            "validation with seed 1, with test scores in sight. Minutes are for training one seed "
            "on the machine below, which ran other programs too.",
            "",
            table,
            "",
            *(comparisons(found) or earlier.comparisons),
            *remarks,
            *([f"- Not measured here yet: {', '.join(unmeasured)}."] if unmeasured else []),
            "",
            *sorted(machines | set(earlier.machines if len(found) < len(rows) else ())),
            "",
        ]
    )


@dataclass(frozen=True)
class Earlier:
    """What the page said before."""

    rows: dict[str, str]
    comparisons: list[str]
    machines: list[str]

    @classmethod
    def of(cls, text: str) -> "Earlier":
        lines = text.splitlines()
        rows = {line.split(" | ")[0].removeprefix("| "): line for line in lines if line[:2] == "| "}
        compared = [line for line in lines if " as bundled against " in line and line[:2] == "- "]
        return cls(rows, compared, [line for line in lines if ", TensorFlow " in line])


def line_of(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def row(recipe: Recipe, every: list[Measured]) -> list[str]:
    middles = {name: median(one.scores[name] for one in every) for name in recipe.metrics}
    main = recipe.metrics[0]
    goal = ""
    if recipe.goal is not None:
        sign = "below" if recipe.least else "at least"
        missed = "" if recipe.reached(middles[main]) else ", missed"
        goal = f"{sign} {shown(main, recipe.goal)}{missed}"
    return [
        recipe.name,
        ", ".join(f"{shown(*pair)} {metric_name(pair[0])}" for pair in middles.items()),
        "; ".join(
            ", ".join(shown(name, one.scores[name]) for one in every) for name in recipe.metrics
        ),
        goal,
        f"{median(one.seconds for one in every) / 60:.1f}",
        recipe.known,
    ]


def comparisons(found: dict[Recipe, list[Measured]]) -> list[str]:
    """A line for each setting: what it changes, with the same seeds."""
    said = []
    bundled = {recipe.config: every for recipe, every in found.items() if not recipe.settings}
    for recipe, every in found.items():
        main = recipe.metrics[0]
        scores = {one.seed: one.scores[main] for one in every}
        differences = [
            shown(main, one.scores[main] - scores[one.seed])
            for one in bundled.get(recipe.config, [])
            if recipe.settings and one.seed in scores
        ]
        if differences:
            said.append(
                f"- {recipe.config} as bundled against `{' '.join(recipe.settings)}`: "
                f"{', '.join(differences)} {metric_name(main)} more, seed by seed."
            )
    return said


def machine(one: Measured) -> str:
    known = one.environment
    return (
        f"{known['processor']}, {known['processors']} cores, {known['system']}; Python "
        f"{known['python']}, TensorFlow {known['tensorflow']}, Keras {known['keras']}, NumPy "
        f"{known['numpy']}, rnnbuild {known['rnnbuild']}."
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--runs", type=Path, required=True, help="the folder of the runs")
    parser.add_argument("--only", action="append", default=[], help="a recipe's name")
    parser.add_argument("--seed", type=int, action="append", choices=SEEDS, help="of all three")
    given = parser.parse_args()
    main(given.data_dir, given.runs, given.only, given.seed or list(SEEDS))
