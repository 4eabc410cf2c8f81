"""What serving loads: no TensorFlow for usual models, and no web framework anywhere else."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import rnnbuild
from tests.test_imports import modules_after

WEB = {"fastapi", "starlette", "uvicorn", "prometheus_client"}
PACKAGE = Path(rnnbuild.__path__[0])
SERVE = (
    "import sys, rnnbuild.serving.server as server\n"
    "server.serve_app = lambda *given: 0\n"
    "from rnnbuild.cli.app import main\n"
    "sys.argv = ['rnnbuild', 'serve', sys.argv[1], '--port', '0']\n"
    "main()"
)


def test_serving_a_model_loads_no_framework(classify_run: Path) -> None:
    loaded = modules_after("exec(sys.argv.pop(1))", SERVE, str(classify_run))
    assert loaded & WEB == WEB
    assert not loaded & {"tensorflow", "keras"}


def test_no_other_command_imports_a_web_framework() -> None:
    importing = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if imported_by(path) & {*WEB, "rnnbuild.serving"}
    }
    assert {name for name in importing if not name.startswith("serving/")} == {"cli/serve.py"}


def imported_by(path: Path) -> set[str]:
    """The packages, or rooms of ours, that a file imports anywhere."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return {".".join(name.split(".")[: 2 if name.startswith("rnnbuild.") else 1]) for name in names}


@pytest.mark.parametrize("package", ["fastapi", "uvicorn", "prometheus_client"])
def test_without_the_extra_the_command_says_how_to_install_it(package: str, tmp_path: Path) -> None:
    """A package of that name comes first on the path, and cannot be imported."""
    (tmp_path / f"{package}.py").write_text(f"raise ModuleNotFoundError('No module {package}')")
    ended = subprocess.run(
        [sys.executable, "-m", "rnnbuild", "serve", "runs/latest"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": f"{tmp_path}:{PACKAGE.parent}"},
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert 'install them: pip install "rnnbuild[serve]"' in ended.stderr
    assert "Traceback" not in ended.stderr
