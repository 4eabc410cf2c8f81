"""What works where TensorFlow and Keras are not installed, and what says that they are missing."""

import json
import re
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.readme import DOCS, PROJECT
from tests.small_runs import classify_config, language_config, series_config, trained_run

ABSENT = ("tensorflow", "keras")
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a virtual environment with every package of this one but those two."""
    folder = tmp_path_factory.mktemp("light")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    packages = next(folder.glob("[Ll]ib*/**/site-packages"))
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        name = path.name.partition("-")[0].lower()
        if name not in ABSENT and path.suffix != ".pth":
            (packages / path.name).symlink_to(path)
    # In place of the file of an editable installation.
    (packages / "project.pth").write_text(f"{PROJECT}\n", encoding="utf-8")
    return next(folder.glob("[bS]*/python*"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three runs that were trained where TensorFlow is installed."""
    folder = tmp_path_factory.mktemp("runs")
    for name, make in {
        "texts": classify_config,
        "sales": series_config,
        "writer": language_config,
    }.items():
        (folder / name).mkdir()
        trained_run(folder / name, make)
    return folder


@pytest.fixture
def run(python: Path, folder: Path) -> Run:
    def run(*arguments: str, given: str = "") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [python, "-m", "rnnbuild", *arguments],
            cwd=folder,
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run


def test_neither_of_them_is_there(python: Path) -> None:
    for name in ABSENT:
        ended = subprocess.run([python, "-c", f"import {name}"], capture_output=True, text=True)
        assert f"No module named '{name}'" in ended.stderr


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("summary classic", "671"),
        ("explain classic", "tanh"),
        ("compare classic --vary cell=gru,lstm", "1,151"),
        ("check classic", "no problems"),
        ("show classic --resolved", "batch_size"),
        ("code classic", "keras.Sequential"),
        ("data reviews", "8,000 train"),
        ("data texts/reviews.yaml", "ok"),
        ("configs", "classic"),
        ("schema", "properties"),
        ("init made.yaml", "made.yaml"),
        ("predict texts/run good", "prediction"),
        ("predict sales/run", "2020"),
        ("generate writer/run --length 10 --seed 1", ""),
        ("runs texts/run", "accuracy"),
        ("report texts/run --output page.html", "page.html"),
        ("doctor --help", "Usage"),
    ],
)
def test_a_light_command_works(run: Run, command: str, shown: str) -> None:
    ended = run(*command.split())
    assert ended.returncode == 0, ended.stderr
    assert shown in ended.stdout + ended.stderr


def test_a_stream_is_answered(run: Run) -> None:
    ended = run("stream", "texts/run", given="the plot was fine\n")
    assert ended.returncode == 0, ended.stderr
    assert len(ended.stdout.splitlines()) == 4


def test_a_model_is_exported_and_compared_with_the_own_forward_pass(run: Run, folder: Path) -> None:
    ended = run("export", "texts/run", "--to", "onnx", "--output", "shipped")
    assert ended.returncode == 0, ended.stderr
    assert "compared with rnnbuild's own forward pass" in " ".join(ended.stdout.split())
    assert "keras" not in json.loads((folder / "shipped" / "bundle.json").read_text())["versions"]
    card = (folder / "shipped" / "README.md").read_text()
    assert "## Compared with rnnbuild's own forward pass" in card
    # The same model, exported beside Keras, has the same graph.
    beside = [sys.executable, "-m", "rnnbuild", "export", "texts/run", "--to", "onnx"]
    subprocess.run([*beside, "--output", "beside"], cwd=folder, check=True, capture_output=True)
    first, second = (folder / name / "model.onnx" for name in ("shipped", "beside"))
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    "command",
    [
        "train texts/reviews.yaml",
        "train texts/reviews.yaml --dry-run",
        "resume texts/run --epochs 3",
        "evaluate texts/run",
        "bench classic",
        "compile",
        "summary classic --keras",
        "export texts/run --to keras",
        "export texts/run --to saved-model",
        "study texts/reviews.yaml --vary units=2,4 --seeds 2",
        "tune texts/reviews.yaml --range training.optimizer.learning_rate=0.001..0.1 --trials 2",
    ],
)
def test_a_command_that_needs_them_says_how_they_are_installed(run: Run, command: str) -> None:
    ended = run(*command.split())
    assert ended.returncode == 2, ended.stdout + ended.stderr
    assert "error: TensorFlow is not installed, and this needs it" in ended.stderr
    assert "pip install 'tensorflow>=" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_page_about_installing_names_every_other_package() -> None:
    text = (DOCS / "install.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^pip install (numpy .*)$", text, re.MULTILINE)
    always = [Requirement(one) for one in requires("rnnbuild") or () if "extra ==" not in one]
    assert sorted(line.split()) == sorted(one.name for one in always if one.name not in ABSENT)


def test_the_page_about_installing_has_every_extra() -> None:
    from rnnbuild.doctor.packages import EXTRAS

    text = (DOCS / "install.md").read_text(encoding="utf-8")
    assert [name for name in EXTRAS if f"'.[{name}]'" not in text] == []
