"""Calls that not every system has, as mypy's knowledge of each system finds them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.readme import DOCS, PROJECT

pytestmark = pytest.mark.torture  # each is a whole type check


def faults(platform: str, folder: Path) -> set[tuple[str, str]]:
    """The files of the package, with what a platform's standard library lacks in each."""
    command = [sys.executable, "-m", "mypy", "--platform", platform, "--cache-dir", str(folder)]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    pattern = re.compile(r"^rnnbuild/(\S+?):\d+: error: Module has no attribute \"(\w+)\"", re.M)
    return set(pattern.findall(ended.stdout))


def test_macos_lacks_nothing(tmp_path: Path) -> None:
    assert faults("darwin", tmp_path) == set()


def test_the_page_about_installing_lists_every_call_that_windows_lacks(tmp_path: Path) -> None:
    text = (DOCS / "install.md").read_text(encoding="utf-8").split("## Platforms")[1]
    listed = re.findall(r"^\| `(\S+\.py)` \| (.+?) \|", text, re.MULTILINE)
    found = faults("win32", tmp_path)
    assert {file for file, _ in found} == {file for file, _ in listed}
    calls = {file: set(re.findall(r"\w+", row)) for file, row in listed}
    # Constants of a call are listed with it.
    functions = {(file, name) for file, name in found if name.islower() or "NO" in name[:4]}
    assert {(file, name) for file, name in functions if name not in calls[file]} == set()
