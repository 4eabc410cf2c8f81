"""The built package is installed by pip, uv and pipx, on every Python that is here, and works.

Nothing of this environment is used but the `build` that makes the package; the tools are installed
anew. It takes minutes and gigabytes, so it is torture.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.readme import DOCS, PROJECT

pytestmark = pytest.mark.torture

CLEAN = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
VERSIONS = ("3.11", "3.12", "3.13")


def done(command: Sequence[str | Path], folder: Path, **environment: str) -> str:
    """What a command prints to stdout. Raises AssertionError where it fails."""
    ended = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env=CLEAN | environment,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, f"{command}\n{ended.stdout}\n{ended.stderr}"
    return ended.stdout


def assert_it_works(rnnbuild: Path, folder: Path) -> None:
    """It sizes, trains and answers, in an empty folder."""
    folder.mkdir()
    assert "671" in done([rnnbuild, "summary", "classic"], folder)
    small = ["--epochs", "1", "--set", "units=4", "--batch-size", "512"]
    assert "test scores" in done([rnnbuild, "train", *small], folder)
    assert "Deutschland" in done([rnnbuild, "predict", "runs/latest", "Deutschland"], folder)


def environment(python: str | Path, folder: Path) -> Path:
    """The folder of the programs of a new virtual environment."""
    subprocess.run([python, "-m", "venv", folder], check=True, env=CLEAN)
    return next(path for path in (folder / "bin", folder / "Scripts") if path.is_dir())


def python_of(version: str) -> Path | None:
    """An interpreter of a version that works: on the PATH, or one of pyenv's."""
    named = [Path(found) for found in [shutil.which(f"python{version}")] if found]
    for python in (*named, *sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))):
        ended = subprocess.run([python, "--version"], capture_output=True, text=True)
        if ended.stdout.startswith(f"Python {version}."):
            return python
    return None


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    programs = environment(sys.executable, tmp_path_factory.mktemp("tools") / "venv")
    done([programs / "python", "-m", "pip", "install", "-q", "twine", "uv", "pipx"], PROJECT)
    return programs


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    done([sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, PROJECT], folder)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (wheel,) = built.glob("*.whl")
    return wheel


def test_twine_finds_no_fault_in_either(tools: Path, built: Path) -> None:
    files = sorted(built.iterdir())
    assert [file.suffix for file in files] == [".whl", ".gz"]
    printed = done([tools / "twine", "check", "--strict", *files], built)
    assert printed.count("PASSED") == 2


@pytest.mark.parametrize("version", VERSIONS)
def test_pip_installs_it_on_every_python(version: str, wheel: Path, tmp_path: Path) -> None:
    python = python_of(version)
    if python is None:
        pytest.skip(f"Python {version} is not installed")
    programs = environment(python, tmp_path / "venv")
    done([programs / "python", "-m", "pip", "install", "-q", wheel], tmp_path)
    assert f"Python {version}" in done([programs / "python", "--version"], tmp_path)
    assert_it_works(programs / "rnnbuild", tmp_path / "work")


def test_uv_installs_it_as_a_tool(tools: Path, wheel: Path, tmp_path: Path) -> None:
    place = {"UV_TOOL_DIR": str(tmp_path / "tools"), "UV_TOOL_BIN_DIR": str(tmp_path / "bin")}
    python = ["--python", sys.executable]
    done([tools / "uv", "tool", "install", *python, wheel], tmp_path, **place)
    assert_it_works(tmp_path / "bin" / "rnnbuild", tmp_path / "work")


def test_pipx_installs_it(tools: Path, wheel: Path, tmp_path: Path) -> None:
    place = {"PIPX_HOME": str(tmp_path / "home"), "PIPX_BIN_DIR": str(tmp_path / "bin")}
    python = ["--python", sys.executable]
    done([tools / "pipx", "install", *python, wheel], tmp_path, **place)
    assert_it_works(tmp_path / "bin" / "rnnbuild", tmp_path / "work")


def test_it_is_installed_without_tensorflow_as_documented(tmp_path: Path) -> None:
    text = (DOCS / "install.md").read_text(encoding="utf-8").split("## Without TensorFlow")[1]
    lines = re.findall(r"^pip (install .*)$", text, re.MULTILINE)
    assert len(lines) == 2
    programs = environment(sys.executable, tmp_path / "venv")
    clone = tmp_path / "clone"
    unwanted = shutil.ignore_patterns(".*cache", ".git", ".venv", "__pycache__")
    shutil.copytree(PROJECT, clone, ignore=unwanted)
    for line in lines:
        done([programs / "python", "-m", "pip", *line.split()], clone)
    installed = done([programs / "python", "-m", "pip", "list"], clone).lower()
    assert "tensorflow" not in installed and "keras" not in installed
    rnnbuild = programs / "rnnbuild"
    assert "671" in done([rnnbuild, "summary", "classic"], tmp_path)
    old = PROJECT / "tests" / "runs" / "run_without_formats"
    assert "prediction" in done([rnnbuild, "predict", old, "Deutschland"], tmp_path)
