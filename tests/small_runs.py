"""Small finished runs for tests of what comes after training."""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import yaml

WORDS = ("the", "plot", "was", "very", "an", "actor", "scene", "so")
CITIES = ("oslo", "rome", "new york")


def classify_config(folder: Path, rows: int = 120) -> Path:
    """A config beside a CSV file of texts; the word that decides stands anywhere in them."""
    with (folder / "reviews.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "text", "label"])
        for number, (text, label) in enumerate(reviews(rows)):
            writer.writerow([number, text, label])
    return config_file(folder, "reviews", {"train": "reviews.csv"})


def reviews(rows: int, seed: int = 1) -> list[tuple[str, str]]:
    generator = np.random.default_rng(seed)
    found = []
    for number in range(rows):
        label = "good" if number % 3 else "bad"
        words = generator.choice(WORDS, size=generator.integers(1, 9)).tolist()
        words.insert(int(generator.integers(len(words) + 1)), "fine" if label == "good" else "dull")
        found.append((" ".join(words), label))
    return found


def tag_config(folder: Path, rows: int = 90) -> Path:
    """A config beside a CoNLL file of sentences that name cities."""
    generator = np.random.default_rng(2)
    lines = []
    for _ in range(rows):
        for word in generator.choice(WORDS, size=generator.integers(1, 6)).tolist():
            lines.append(f"{word}\tO")
        for place, word in enumerate(str(generator.choice(CITIES)).split()):
            lines.append(f"{word}\t{'I' if place else 'B'}-city")
        lines.append("")
    (folder / "cities.conll").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return config_file(folder, "cities", {"train": "cities.conll"})


def config_file(folder: Path, name: str, data: dict[str, str]) -> Path:
    config = {
        "name": name,
        "data": data,
        "model": {"embedding": {"output_dim": 6}, "layers": [{"cell": "gru", "units": 6}]},
        "training": {
            "epochs": 2,
            "batch_size": 16,
            "optimizer": {"name": "adam", "learning_rate": 0.02},
        },
    }
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    return path


def trained_run(folder: Path, make: Callable[[Path], Path]) -> Path:
    """Train the config that `make` writes into `folder`; the run's folder."""
    from rnnbuild.config.load import load_config
    from rnnbuild.runs.directory import run_at
    from rnnbuild.training.observer import Silence
    from rnnbuild.training.prepare import prepare
    from rnnbuild.training.train import train

    config = load_config(make(folder))
    run = folder / "run"
    prepared = prepare(config, folder)
    train(config, folder, prepared, lambda: run_at(run), Silence())
    return run
