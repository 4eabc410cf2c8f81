"""What is light stays light: nothing but building and training loads a framework."""

import os
import pkgutil
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import rnnbuild
from rnnbuild.cli.app import COMMANDS
from tests.runs.fixture import WITHOUT_FORMATS

HEAVY = ("tensorflow", "keras")
HEAVY_FLOORS = ("models", "inference", "training", "export", "adoption", "serving")


def modules_after(program: str, *arguments: str) -> set[str]:
    """The top-level modules that a fresh Python has loaded at the end of a program."""
    report = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr));"
    ended = subprocess.run(
        [sys.executable, "-c", report + program, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=os.environ | {"COLUMNS": "80"},
    )
    assert "Traceback" not in ended.stderr, ended.stderr
    return {name.partition(".")[0] for name in ended.stderr.splitlines()[-1].split()}


def test_importing_rnnbuild_loads_nothing() -> None:
    loaded = modules_after("import rnnbuild")
    assert not loaded & {*HEAVY, "numpy", "pydantic", "yaml", "rich", "typer"}


def test_no_module_of_a_light_floor_loads_a_framework() -> None:
    names = [
        module.name
        for module in pkgutil.walk_packages(rnnbuild.__path__, "rnnbuild.")
        # Commands import what they need when they run: see below.
        if module.name.split(".")[1] not in (*HEAVY_FLOORS, "cli", "__main__")
    ]
    assert len(names) > 50
    assert not modules_after(f"import {', '.join(names)}") & {*HEAVY}


def test_the_list_of_commands_needs_no_numbers_and_no_config() -> None:
    run = "import sys; sys.argv = ['rnnbuild', '--help']; from rnnbuild.cli.app import main; main()"
    loaded = modules_after(run)
    assert "typer" in loaded
    assert not loaded & {*HEAVY, "numpy", "yaml", "pydantic"}


def test_the_help_of_every_command_loads_no_framework_and_no_numpy() -> None:
    run = (
        "import contextlib, io, sys\nfrom rnnbuild.cli.app import app\n"
        f"for name in {list(COMMANDS)}:\n"
        "    with contextlib.redirect_stdout(io.StringIO()):\n"
        "        app([name, '--help'], standalone_mode=False)\n"
    )
    assert not modules_after("exec(sys.argv[1])", run) & {*HEAVY, "numpy", "yaml"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "classic"],
        ["show", "classic", "--diff"],
        ["summary", "classic"],
        ["configs"],
        ["schema"],
    ],
    ids=" ".join,
)
def test_a_light_command_loads_no_framework(arguments: list[str]) -> None:
    run = "from rnnbuild.cli.app import main; sys.argv = ['rnnbuild', *sys.argv[1:]]; main()"
    assert not modules_after(run, *arguments) & {*HEAVY, "numpy"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["data"],
        ["data", "reber", "--size", "40"],
        ["data", "parity.yaml", "--set", "data.size=100"],
        ["data", "stocks.yaml"],
    ],
    ids=" ".join,
)
def test_data_is_looked_at_without_a_framework(arguments: list[str]) -> None:
    run = "from rnnbuild.cli.app import main; sys.argv = ['rnnbuild', *sys.argv[1:]]; main()"
    assert not modules_after(run, *arguments) & {*HEAVY}


def test_init_loads_no_framework(tmp_path: Path) -> None:
    run = "from rnnbuild.cli.app import main; sys.argv = ['rnnbuild', *sys.argv[1:]]; main()"
    path = str(tmp_path / "config.yaml")
    assert not modules_after(run, "init", path, "--dataset", "amazon") & {*HEAVY}


def test_a_page_is_written_without_a_framework(tmp_path: Path) -> None:
    run = "from rnnbuild.cli.app import main; sys.argv = ['rnnbuild', *sys.argv[1:]]; main()"
    page = str(tmp_path / "page.html")
    loaded = modules_after(run, "report", str(WITHOUT_FORMATS.path), "--output", page)
    assert "jinja2" in loaded
    assert not loaded & {*HEAVY, "numba"}


def test_a_page_with_a_text_is_written_without_a_framework(
    language_run: Path, tmp_path: Path
) -> None:
    run = "from rnnbuild.cli.app import main; sys.argv = ['rnnbuild', *sys.argv[1:]]; main()"
    page = tmp_path / "page.html"
    loaded = modules_after(run, "report", str(language_run), "--output", str(page))
    assert "writes it again" in page.read_text(encoding="utf-8")
    assert not loaded & {*HEAVY, "numba"}


def test_a_run_answers_without_a_framework(classify_run: Path, tmp_path: Path) -> None:
    run = "from rnnbuild.cli.app import main; sys.argv = ['rnnbuild', *sys.argv[1:]]; main()"
    loaded = modules_after(run, "predict", str(classify_run), "a good plot")
    assert not loaded & {*HEAVY, "numba", "scipy"}
    run = "import sys, rnnbuild; rnnbuild.open_run(sys.argv[1]).predict(['a good plot'])"
    loaded = modules_after(run, str(classify_run))
    assert not loaded & {*HEAVY, "numba", "scipy", "pandas", "typer", "rich"}
    unfinished = Path(shutil.copytree(classify_run, tmp_path / "run"))
    (unfinished / "metrics.json").unlink()
    (unfinished / "model.keras").unlink()
    assert not modules_after(run, str(unfinished)) & {*HEAVY}


def test_runs_are_compared_without_a_framework(classify_run: Path, tmp_path: Path) -> None:
    run = "from rnnbuild.cli.app import main; sys.argv = ['rnnbuild', *sys.argv[1:]]; main()"
    other = shutil.copytree(classify_run, tmp_path / "other")
    loaded = modules_after(run, "compare", str(classify_run), str(other))
    assert "numpy" in loaded
    assert not loaded & {*HEAVY, "numba", "pandas", "onnxruntime"}


def test_a_stream_is_answered_without_a_framework(classify_run: Path) -> None:
    run = "from rnnbuild.cli.app import main; sys.argv = ['rnnbuild', *sys.argv[1:]]; main()"
    assert not modules_after(run, "stream", str(classify_run)) & {*HEAVY}
