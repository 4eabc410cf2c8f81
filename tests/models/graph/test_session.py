"""onnxruntime where it is there in part only."""

import subprocess
import sys
from pathlib import Path

CODE = """
import sys
sys.path.insert(0, sys.argv[1])
from rnnbuild.errors import RequestError
try:
    import rnnbuild.models.graph.session
except RequestError as error:
    print(error)
"""


def test_what_a_half_removed_onnxruntime_leaves_is_named(tmp_path: Path) -> None:
    """A folder that can be imported, and is empty."""
    (tmp_path / "onnxruntime").mkdir()
    (tmp_path / "onnxruntime" / "__init__.py").touch()
    command = [sys.executable, "-c", CODE, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    first, hint = done.stdout.splitlines()
    assert first.startswith("onnxruntime cannot be imported: ImportError: cannot import name ")
    assert hint == "  hint: install it again: pip install --force-reinstall onnxruntime"
