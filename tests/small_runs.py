"""Small finished runs for tests of what comes after training."""

import csv
import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

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


def translate_config(folder: Path, rows: int = 200) -> Path:
    """A config beside parallel text whose targets are the sources' words in another language.

    The last rows, which are tested on, have targets longer than those before them.
    """
    lines = []
    for source in sources(rows):
        target = " ".join(GERMAN[word] for word in source.split())
        lines.append(f"{source}\t{target}")
    (folder / "train.tsv").write_text("\n".join(lines[:-40]), encoding="utf-8")
    longer = [f"{line} rot rot rot rot" for line in lines[-5:]]
    test = "\n".join([*lines[-40:], *longer])
    (folder / "test.tsv").write_text(test, encoding="utf-8")
    data = {"train": "train.tsv", "test": "test.tsv", "format": "parallel", "reverse": True}
    layers = [{"cell": "gru", "units": 24}, {"kind": "repeat_vector"}, {"cell": "gru", "units": 24}]
    return config_file(folder, "words", data, layers, epochs=6)


GERMAN = {"red": "rot", "blue": "blau", "green": "grün", "very": "sehr", "not": "nicht"}


def sources(rows: int) -> list[str]:
    """One to four words."""
    generator = np.random.default_rng(3)
    words = list(GERMAN)
    return [
        " ".join(generator.choice(words, size=generator.integers(1, 5)).tolist())
        for _ in range(rows)
    ]


def labels_config(folder: Path, rows: int = 60) -> Path:
    """A config beside a JSON Lines file of texts with any number of labels."""
    lines = [
        json.dumps({"text": text, "labels": [label, "short"] if len(text) < 20 else [label]})
        for text, label in reviews(rows)
    ]
    (folder / "labels.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return config_file(folder, "labels", {"train": "labels.jsonl", "labels": "labels"})


def series_config(folder: Path, days: int = 90) -> Path:
    """A config beside a CSV file of a dated series with a season of a week."""
    first = datetime.date(2020, 1, 1)
    rows = [
        f"{first + datetime.timedelta(day)},{20 + 5 * (day % 7) + day / 10:.2f}"
        for day in range(days)
    ]
    (folder / "sales.csv").write_text("\n".join(["day,sales", *rows]), encoding="utf-8")
    keys = {"window": 7, "horizon": 2, "transform": ["log", {"seasonal_difference": 7}]}
    return config_file(folder, "sales", {"train": "sales.csv", **keys}, embeds=False)


def numbers_config(folder: Path) -> Path:
    """A config of sequences of numbers."""
    data = {"dataset": "adding", "length": 10, "size": 60}
    return config_file(folder, "adding", data, embeds=False)


def language_config(folder: Path, lines: int = 300, **keys: Any) -> Path:
    """A config beside a text whose lines are reviews, of characters unless `keys` say otherwise."""
    text = "".join(f"{text.capitalize()}.\n" for text, _ in reviews(lines))
    (folder / "reviews.txt").write_text(f"ROMEO:\n{text}", encoding="utf-8")
    return config_file(folder, "reviews", {"train": "reviews.txt", "window": 16, **keys}, epochs=1)


ONE_GRU: list[dict[str, Any]] = [{"cell": "gru", "units": 6}]


def config_file(
    folder: Path,
    name: str,
    data: dict[str, Any],
    layers: list[dict[str, Any]] = ONE_GRU,
    epochs: int = 2,
    embeds: bool = True,
) -> Path:
    config = {
        "name": name,
        "data": data,
        "model": {"layers": layers} | ({"embedding": {"output_dim": 6}} if embeds else {}),
        "training": {
            "epochs": epochs,
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
    from rnnbuild.training.progress.observer import Silence
    from rnnbuild.training.setup.prepare import prepare
    from rnnbuild.training.train import train

    config = load_config(make(folder))
    run = folder / "run"
    prepared = prepare(config, folder)
    train(config, folder, prepared, lambda: run_at(run), Silence())
    return run
