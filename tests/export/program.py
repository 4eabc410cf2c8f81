"""Running an export's run.py in a process that has neither rnnbuild nor what else it forbids."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from rnnbuild.export.program.intact import digests_of

BLOCKED = """
import runpy, sys
for name in {blocked!r}:
    sys.modules[name] = None
sys.argv = {arguments!r}
sys.path.insert(0, {folder!r})
runpy.run_path({program!r}, run_name="__main__")
"""
OTHERS = ("rnnbuild", "tensorflow", "keras", "onnx", "scipy", "numba", "pydantic")


def run_program(
    bundle: Path, *arguments: str, given: str = "", blocked: tuple[str, ...] = OTHERS
) -> subprocess.CompletedProcess[str]:
    """run.py of a bundle, from another folder, with some packages out of reach."""
    program = str(bundle / "run.py")
    code = BLOCKED.format(
        blocked=blocked, arguments=[program, *arguments], folder=str(bundle), program=program
    )
    return subprocess.run(
        [sys.executable, "-P", "-c", code],
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd="/",
        check=False,
    )


def sealed(bundle: Path) -> Path:
    """A bundle whose files were changed, as if they had been exported like that."""
    path = bundle / "bundle.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["files"] = digests_of(bundle, [bundle / name for name in content["files"]])
    path.write_text(json.dumps(content), encoding="utf-8")
    return bundle


def answers(done: subprocess.CompletedProcess[str]) -> list[Any]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
