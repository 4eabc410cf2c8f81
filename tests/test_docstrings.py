"""What users read is the same where Python runs without docstrings and assertions."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rnnbuild.cli.app import COMMANDS

ROOT = Path(__file__).parents[1]

# All in one process: each of them takes a third of a second to start.
PROGRAM = f"""
import sys
from rnnbuild.cli import app
for arguments in [["--help"], ["schema"], *([name, "--help"] for name in {list(COMMANDS)})]:
    sys.argv = ["rnnbuild", *arguments]
    try:
        app.main()
    except SystemExit as ended:
        print(ended.code)
"""


@pytest.mark.parametrize("level", ["1", "2"])
def test_help_and_schema_are_the_same_at_any_level_of_optimisation(level: str) -> None:
    usual, optimised = (
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONOPTIMIZE": wanted, "COLUMNS": "80"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for wanted in ("0", level)
    )
    assert "Write a starter config" in usual
    assert optimised == usual
