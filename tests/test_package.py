"""The built wheel does the main job in an empty folder, and says what it is."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]


def run(arguments: Sequence[str], folder: Path, wheel_folder: Path) -> str:
    """What a command prints, with the package of `wheel_folder` before any other."""
    environment = os.environ | {"PYTHONPATH": str(wheel_folder), "COLUMNS": "80"}
    ended = subprocess.run(
        [sys.executable, "-P", "-m", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, PROJECT],
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_the_wheel_contains_the_bundled_configs_the_datasets_and_the_licences(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    bundled = {
        f"rnnbuild/bundled_configs/{path.name}" for path in (PROJECT / "configs").glob("*.yaml")
    }
    assert bundled <= set(names)
    assert "rnnbuild/data/bundled/languages.tsv.gz" in names
    assert "rnnbuild/data/bundled/shakespeare.txt.xz" in names
    assert "rnnbuild/py.typed" in names
    assert any(name.endswith("MIT.txt") for name in names)
    assert any(name.endswith("licenses/.licenses/Vega.txt") for name in names)
    assert not any(name.startswith("tests/") for name in names)


def test_the_wheel_summarises_the_classic_config_in_an_empty_folder(
    installed: Path, tmp_path: Path
) -> None:
    assert "671" in run(["rnnbuild", "summary", "classic"], tmp_path, installed)


def test_the_wheel_trains_and_predicts_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    arguments = ["rnnbuild", "train", "--epochs", "1", "--set", "units=4", "--batch-size", "512"]
    assert "test scores" in run(arguments, tmp_path, installed)
    answer = run(["rnnbuild", "predict", "runs/latest", "Deutschland"], tmp_path, installed)
    assert "Deutschland" in answer


def test_the_wheel_writes_a_page_about_a_run(installed: Path, tmp_path: Path) -> None:
    run_folder = str(PROJECT / "tests/runs/run_without_formats")
    run(["rnnbuild", "report", run_folder, "--output", "page.html"], tmp_path, installed)
    assert "vegaEmbed" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_the_metadata_states_the_python_versions_the_licence_and_the_extra_for_gpus(
    wheel: Path,
) -> None:
    archive = zipfile.ZipFile(wheel)
    (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    metadata = archive.read(name).decode()
    assert "Requires-Python: <3.14,>=3.11" in metadata
    assert "License-Expression: MIT" in metadata
    assert "Provides-Extra: gpu" in metadata
