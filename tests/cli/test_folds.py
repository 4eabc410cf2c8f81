"""`data.split: {folds: 2}` on the command line: what is shown, compared, refused and advised."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import small_runs
from tests.cli.command import rnnbuild, widest
from tests.data.health.made import sound_rows, write

KEYS = ("--set", "data.split={folds: 2, validation: 4}", "--epochs", "1", "--quiet")
MODEL = "model: {embedding: {output_dim: 2}, layers: [{cell: simple_rnn, units: 2}]}\n"


def train_with_folds(config: Path, run: Path, *more: str) -> dict[str, Any]:
    result = rnnbuild("train", config, *KEYS, "--run-dir", run, *more, "--format", "json")
    assert result.code == 0, result.err
    document: dict[str, Any] = result.json
    return document


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two runs on the same folds."""
    folder = tmp_path_factory.mktemp("pair")
    config = small_runs.classify_config(folder, rows=60)
    for name, seed in (("a", "1"), ("b", "2")):
        train_with_folds(config, folder / name, "--seed", seed)
    return [folder / "a", folder / "b"]


def test_scores_say_that_they_are_out_of_fold_and_of_which_model(pair: list[Path]) -> None:
    for command in ("evaluate", "runs"):
        shown = rnnbuild(command, pair[0])
        assert shown.code == 0, shown.err
        assert "out-of-fold scores over 60 examples" in shown.out
        assert widest(shown.out) <= 80
        text = " ".join(shown.out.split())
        assert "Out of fold, 2 folds: a row is answered by the model that was trained on" in text
        assert "The saved model, trained on all rows but those of validation, is another." in text
        assert "Accuracy by fold: " in text
    assert "2 of 2 folds tested" in rnnbuild("runs", pair[0]).out
    assert "out-of-fold accuracy" in rnnbuild("runs", pair[0].parent).out


def test_evaluate_computes_the_scores_of_training_again_and_records_the_answers(
    pair: list[Path],
) -> None:
    answers = pair[0] / "answers-test.json.gz"
    before = answers.read_bytes()
    answers.unlink()
    stored = json.loads((pair[0] / "metrics.json").read_text())
    again = rnnbuild("evaluate", pair[0], "--format", "json").json
    for key in ("scores", "baselines", "details"):
        assert again[key]["test"] == stored[key]["test"], key
    assert again["folds"] == stored["folds"]
    assert answers.read_bytes() == before


def test_the_saved_model_is_scored_on_validation_and_on_other_files(
    pair: list[Path], tmp_path: Path
) -> None:
    stored = json.loads((pair[0] / "metrics.json").read_text())
    validation = rnnbuild("evaluate", pair[0], "--split", "validation", "--format", "json").json
    assert validation["scores"]["validation"] == stored["scores"]["validation"]
    assert "folds" not in validation
    write(tmp_path, "other.csv", sound_rows()[:20])
    other = rnnbuild("evaluate", pair[0], "--data", tmp_path / "other.csv")
    assert other.code == 0, other.err
    assert "test scores over 20 examples" in other.out


def test_runs_on_the_same_folds_are_compared_row_by_row(pair: list[Path]) -> None:
    compared = rnnbuild("compare", *pair)
    assert compared.code == 0, compared.err
    assert "out-of-fold accuracy over 60 examples" in compared.out


@pytest.mark.torture
def test_runs_on_other_folds_are_not_compared(pair: list[Path], tmp_path: Path) -> None:
    config = small_runs.classify_config(tmp_path, rows=60)
    other = ("--set", "data.split={folds: 2, validation: 4, seed: 5}")
    train_with_folds(config, tmp_path / "run", *other)
    refused = rnnbuild("compare", pair[0], tmp_path / "run")
    assert refused.code == 2
    assert "data.split.seed" in refused.err


def test_report_predict_and_export_work_as_ever(pair: list[Path], tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    written = rnnbuild("report", pair[0], "--output", page)
    assert written.code == 0, written.err
    text = page.read_text(encoding="utf-8")
    assert "out-of-fold scores over 60 examples" in text
    assert "Accuracy on 60 out-of-fold examples" in text
    assert rnnbuild("predict", pair[0], "the plot was fine").code == 0
    exported = rnnbuild("export", pair[0], "--to", "onnx", "--output", tmp_path / "bundle")
    assert exported.code == 0, exported.err


def pairs_config(folder: Path) -> Path:
    lines = [
        f"{source}\t{' '.join(small_runs.GERMAN[word] for word in source.split())}"
        for source in small_runs.sources(60)
    ]
    (folder / "train.tsv").write_text("\n".join(lines), encoding="utf-8")
    layers = [{"cell": "gru", "units": 4}, {"kind": "repeat_vector"}, {"cell": "gru", "units": 4}]
    data = {"train": "train.tsv", "format": "parallel"}
    return small_runs.config_file(folder, "words", data, layers)


@pytest.mark.parametrize(
    ("make", "rows"),
    [
        (small_runs.tag_config, 90),
        pytest.param(small_runs.labels_config, 60, marks=pytest.mark.torture),
        pytest.param(pairs_config, 60, marks=pytest.mark.torture),
    ],
)
def test_every_row_of_every_kind_is_tested(
    make: Callable[[Path], Path], rows: int, tmp_path: Path
) -> None:
    document = train_with_folds(make(tmp_path), tmp_path / "run")
    assert {score["count"] for score in document["scores"]["test"].values()} == {rows}
    assert not any("could not be" in remark for remark in document.get("remarks", ()))
    parts = [
        json.loads((tmp_path / "run" / "folds" / fold / "metrics.json").read_text())
        for fold in ("1", "2")
    ]
    # What is a mean over rows is the mean of the folds, weighted by rows.
    for name in ("exact_match", "subset_accuracy"):
        if name in document["scores"]["test"]:
            scores = [part["scores"]["test"][name] for part in parts]
            mean = sum(each["value"] * each["count"] for each in scores) / rows
            assert document["scores"]["test"][name]["value"] == pytest.approx(mean)
    again = rnnbuild("evaluate", tmp_path / "run", "--format", "json").json
    assert again["scores"]["test"] == document["scores"]["test"]
    assert again["details"]["test"] == document["details"]["test"]


@pytest.mark.torture
def test_a_study_compares_variants_by_their_out_of_fold_scores(tmp_path: Path) -> None:
    config = small_runs.classify_config(tmp_path, rows=60)
    study = tmp_path / "study"
    asked = ("--set", "data.split={folds: 2}", "--vary", "units=2,3", "--seeds", "2")
    done = rnnbuild("study", config, *asked, "--dir", study, "--workers", "1")
    assert done.code == 0, done.err
    results = json.loads((study / "results.json").read_text())
    assert results["rows"]["test"] == 60
    for run in results["runs"]:
        folder = study / "runs" / f"units-{run['variant'][-1]}-seed-{run['seed']}"
        metrics = json.loads((folder / "metrics.json").read_text())
        assert run["test"]["accuracy"] == metrics["scores"]["test"]["accuracy"]["value"]
        assert metrics["scores"]["test"]["accuracy"]["count"] == 60


def test_a_search_refuses_folds_and_says_how_to_do_without(tmp_path: Path) -> None:
    config = small_runs.classify_config(tmp_path)
    asked = (config, "--range", "units=2..8", "--trials", "2")
    refused = rnnbuild("tune", *asked, "--set", "data.split.folds=5", folder=tmp_path)
    assert refused.code == 2
    assert "would train every trial 6 times" in refused.err
    assert "`--set data.split.folds=null`" in refused.err
    without = ("--set", "data.split.folds=5", "--set", "data.split.folds=null")
    assert rnnbuild("check", config, *without).code == 0


@pytest.mark.parametrize(
    ("data", "key", "message"),
    [
        ("{train: a.csv, split: {folds: 5, test: 0.2}}", "test: 0.2", "each of the `folds` is"),
        ("{train: a.csv, test: b.csv, split: {folds: 5}}", "folds: 5", "exclude each other"),
        ("{train: a.csv, split: {fold: 2}}", "fold: 2", "their number is not stated"),
        ("{train: a.csv, split: {folds: 2, fold: 3}}", "fold: 3", "there is no fold 3"),
        ("{train: a.csv, split: {folds: 1}}", "1}", "must be at least 2"),
        ("{train: a.csv, window: 3, split: {folds: 5}}", "folds: 5", "a series has no folds"),
        ("{dataset: reviews, split: {folds: 5}}", "split", "files of one's own"),
    ],
)
def test_contradictions_are_refused_at_their_place(
    data: str, key: str, message: str, tmp_path: Path
) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(f"data: {data}\n{MODEL}")
    refused = rnnbuild("check", config)
    assert refused.code == 2
    assert message in refused.err
    line = f"data: {data}"
    # Carets below the key: its first letter is where they begin.
    assert f"  1 | {line}\n    | {' ' * line.rindex(key)}^" in refused.err


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (small_runs.series_config, "a series has no folds"),
        (small_runs.language_config, "running text has no folds"),
    ],
)
def test_what_goes_on_from_row_to_row_has_no_folds(
    make: Callable[[Path], Path], message: str, tmp_path: Path
) -> None:
    config = make(tmp_path)
    values = yaml.safe_load(config.read_text())
    values["data"]["split"] = {"folds": 3}
    config.write_text(yaml.safe_dump(values))
    for command in ("data", "train"):
        refused = rnnbuild(command, config, folder=tmp_path)
        assert refused.code == 2
        assert message in refused.out + refused.err
    # What the hint says instead works.
    values["data"]["split"] = {"validation": 0.1, "test": 0.2}
    config.write_text(yaml.safe_dump(values))
    assert rnnbuild("check", config).code == 0


def made(folder: Path, rows: int, data: str) -> Path:
    write(folder, "train.csv", sound_rows()[:rows])
    write(folder, "test.csv", sound_rows()[rows : rows + 20])
    config = folder / "config.yaml"
    config.write_text(f"data: {data}\n{MODEL}")
    return config


def test_folds_are_advised_where_few_rows_are_held_out_and_the_advice_works(tmp_path: Path) -> None:
    config = made(tmp_path, 200, "{train: train.csv}")
    dry = rnnbuild("train", config, "--dry-run")
    assert dry.code == 0, dry.err
    note = " ".join(dry.err.split())
    assert "test has 20 rows, so a share is known only to within 22 points" in note
    assert "to test on every row: --set data.split.folds=5" in note
    health = " ".join(rnnbuild("data", config).out.split())
    assert "Test on all rows with `data.split.folds=5`" in health
    followed = rnnbuild("train", config, "--dry-run", "--set", "data.split.folds=5")
    assert "to test on every row" not in followed.err
    assert "200 test" in followed.out


@pytest.mark.parametrize(
    ("rows", "data"),
    [
        (200, "{train: train.csv, test: test.csv}"),
        (200, "{train: train.csv, split: {folds: 4}}"),
        (200, "{train: train.csv, split: {folds: 4, fold: 1}}"),
        (200, "{train: train.csv, split: {test: 100}}"),
        (200, "{train: train.csv, split: {test: 0}}"),
        (200, "{dataset: amazon, size: 60}"),
    ],
)
def test_folds_are_not_advised_elsewhere(rows: int, data: str, tmp_path: Path) -> None:
    config = made(tmp_path, rows, data)
    dry = rnnbuild("train", config, "--dry-run")
    assert dry.code == 0, dry.err
    assert "folds" not in dry.err
    assert "folds=5" not in rnnbuild("data", config).out


def test_folds_are_not_advised_of_what_goes_on_from_row_to_row(tmp_path: Path) -> None:
    for make in (small_runs.series_config, small_runs.language_config):
        config = make(tmp_path)
        assert "split.folds" not in rnnbuild("train", config, "--dry-run").err
        assert "split.folds" not in rnnbuild("data", config).out


def test_labels_with_fewer_texts_than_folds_are_named(tmp_path: Path) -> None:
    rows = [(f"word{number}", "usual") for number in range(20)]
    write(tmp_path, "train.csv", [*rows, ("odd", "rare"), ("odd", "rare"), ("even", "rare")])
    config = tmp_path / "config.yaml"
    config.write_text(f"data: {{train: train.csv, split: {{folds: 5}}}}\n{MODEL}")
    note = " ".join(rnnbuild("train", config, "--dry-run").err.split())
    assert "labels with fewer texts than the 5 folds: `rare` (2)" in note
    fewer = rnnbuild("train", config, "--dry-run", "--set", "data.split.folds=2")
    assert "fewer texts than" not in fewer.err
