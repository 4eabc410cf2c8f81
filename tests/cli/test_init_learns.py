"""The configs that `rnnbuild init` writes learn from small files of every kind, in minutes."""

import csv
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import rnnbuild

pytestmark = pytest.mark.torture

Rows = list[tuple[str, str]]
FORMS: dict[str, Callable[[Rows], str]] = {
    "rows.csv": lambda rows: "utterance;intent\n" + "".join(f"{a};{b}\n" for a, b in rows),
    "rows.tsv": lambda rows: "".join(f"{a}\t{b}\n" for a, b in rows),
    "rows.jsonl": lambda rows: "".join(json.dumps({"t": a, "kind": b}) + "\n" for a, b in rows),
    "fasttext.txt": lambda rows: "".join(f"__label__{b} {a}\n" for a, b in rows),
}


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def exported(name: str, file: str) -> str:
    """The content of a bundled dataset's file."""
    assert rnnbuild("data", name, "--export", file).code == 0
    content = Path(file).read_text(encoding="utf-8")
    Path(file).unlink()
    return content


def some_rows(name: str, count: int, file: str = "all.csv") -> Rows:
    """Rows of a bundled dataset, its first two columns, in an order of their own."""
    table = csv.reader(exported(name, file).splitlines(), delimiter="," if "csv" in file else "\t")
    rows = [(row[0], row[1]) for row in list(table)[1:]]
    return random.Random(1).sample(rows, count)


def learned(*files: str) -> dict[str, Any]:
    """The scores and trivial answers on the test split after `init` and `train`, by metric."""
    begun = rnnbuild("init", *files)
    assert begun.code == 0, begun.err
    trained = rnnbuild("train", "config.yaml", "--run-dir", "run", "--quiet")
    assert trained.code == 0, trained.err
    metrics = json.loads(Path("run/metrics.json").read_text())
    main = metrics["main"]
    trivial = {name: of[main] for name, of in metrics["baselines"]["test"].items()}
    return {"model": metrics["scores"]["test"][main]["value"], **trivial}


@pytest.mark.parametrize("name", FORMS)
def test_a_thousand_requests_in_every_form_beat_naive_bayes(name: str) -> None:
    Path(name).write_text(FORMS[name](some_rows("intents", 1000)), encoding="utf-8")
    scores = learned(name)
    assert scores["model"] > scores["naive Bayes"] > scores["majority"]


def test_300_requests_with_14_labels_are_learned_in_part() -> None:
    Path("rows.csv").write_text(FORMS["rows.csv"](some_rows("intents", 300)), encoding="utf-8")
    scores = learned("rows.csv")
    assert scores["model"] > scores["majority"] + 0.2


def test_requests_and_labels_in_two_files_are_learned() -> None:
    rows = some_rows("intents", 1000)
    Path("a.text").write_text("".join(f"{text}\n" for text, _ in rows), encoding="utf-8")
    Path("a.intent").write_text("".join(f"{label}\n" for _, label in rows), encoding="utf-8")
    scores = learned("a.text", "a.intent")
    assert scores["model"] > scores["naive Bayes"]


def test_320_sentences_are_tagged() -> None:
    sentences = exported("entities", "all.conll").strip().split("\n\n")
    few = random.Random(1).sample(sentences, 320)
    Path("few.conll").write_text("\n\n".join(few) + "\n", encoding="utf-8")
    scores = learned("few.conll")
    assert scores["model"] > 0.8 > scores["most frequent tag"] + 0.4


def test_2_000_dates_are_written_in_part() -> None:
    rows = some_rows("dates", 2000, "all.tsv")
    lines = "".join(f"{source}\t{target}\n" for source, target in rows)
    Path("dates.tsv").write_text(f"source\ttarget\n{lines}", encoding="utf-8")
    scores = learned("dates.tsv")
    trivial = [value for name, value in scores.items() if name != "model"]
    assert scores["model"] > max(trivial) + 0.2


@pytest.mark.parametrize("name", ["co2", "sunspots"])
def test_a_series_is_forecast_better_than_by_no_change(name: str) -> None:
    Path(f"{name}.csv").write_text(exported(name, f"{name}.csv"))
    scores = learned(f"{name}.csv")
    assert scores["model"] < 0.9 * scores["persistence"]


def test_a_shares_price_is_forecast_no_worse_than_by_no_change() -> None:
    """Persistence is hard to beat here: a walk at random has no better forecast."""
    Path("stocks.csv").write_text(exported("stocks", "stocks.csv"))
    scores = learned("stocks.csv")
    assert scores["model"] < 1.05 * scores["persistence"]


def test_200_000_characters_are_predicted_better_than_by_their_frequency() -> None:
    Path("book.txt").write_text(exported("shakespeare", "all.txt")[:200_000])
    scores = learned("book.txt")
    assert scores["model"] < min(scores["unigram"], scores["xz"])
