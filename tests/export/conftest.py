"""Runs of every kind of data, exported to ONNX once for all tests here."""

from pathlib import Path

import pytest
import yaml

from tests.cli.command import rnnbuild
from tests.small_runs import trained_run

KINDS = ("classify", "tag", "translate", "language", "numbers", "series")


def config_without_words(folder: Path, data: dict, model: dict) -> Path:
    path = folder / "config.yaml"
    config = {"data": data, "model": model, "training": {"epochs": 1, "steps": 4}}
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    return path


def numbers_config(folder: Path) -> Path:
    data = {"dataset": "adding", "length": 8, "size": 60}
    return config_without_words(folder, data, {"layers": [{"cell": "lstm", "units": 4}]})


def series_config(folder: Path) -> Path:
    transform = ["log", {"seasonal_difference": 12}, "difference", "standardise"]
    data = {"dataset": "co2", "window": 12, "horizon": 15, "transform": transform}
    layers = [{"cell": "gru", "units": 4}]
    return config_without_words(folder, data, {"layers": layers})


@pytest.fixture(scope="session")
def runs(
    classify_run: Path,
    tag_run: Path,
    translate_run: Path,
    language_run: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Path]:
    """The run of each kind."""
    numbers = trained_run(tmp_path_factory.mktemp("numbers"), numbers_config)
    series = trained_run(tmp_path_factory.mktemp("series"), series_config)
    folders = (classify_run, tag_run, translate_run, language_run, numbers, series)
    return dict(zip(KINDS, folders, strict=True))


@pytest.fixture(scope="session")
def bundles(runs: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The run of each kind, exported to ONNX, for streams too where that is possible."""
    folder = tmp_path_factory.mktemp("bundles")
    for kind, run in runs.items():
        stream = () if kind == "translate" else ("--stream",)
        done = rnnbuild("export", run, "--to", "onnx", *stream, "--output", folder / kind)
        assert done.code == 0, done.err
    return {kind: folder / kind for kind in KINDS}
