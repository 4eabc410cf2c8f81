"""Folders that cannot be written to, or have no room."""

from pathlib import Path

import pytest

from rnnbuild.doctor.paths import short_path
from rnnbuild.doctor.places import folder_finding, places
from tests.small_disk import small_disk

UNWRITABLE = Path("/proc")
"""A folder in which nobody makes files, root included."""


def test_a_folder_that_cannot_be_written_is_what_its_use_makes_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(UNWRITABLE)
    monkeypatch.setenv("RNNBUILD_CACHE", "/proc/cache")
    runs, _, cache = places()
    assert (runs.verdict, runs.fix) == ("broken", "train elsewhere: --run-dir FOLDER")
    assert runs.found.startswith("/proc cannot be written")
    assert cache.verdict == "note"
    assert cache.fix is not None and "RNNBUILD_CACHE=/path" in cache.fix


def test_looking_leaves_nothing_behind(tmp_path: Path) -> None:
    assert folder_finding("runs", tmp_path, "broken", "").verdict == "ok"
    assert list(tmp_path.iterdir()) == []


def test_little_room_is_noted(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", 512) as folder:
        finding = folder_finding("runs", folder, "broken", "train elsewhere")
    assert (finding.verdict, finding.fix) == ("note", "make room, or train elsewhere")
    assert "524 kB free" in finding.found


def test_a_path_in_a_report_does_not_name_the_user() -> None:
    assert short_path(Path.home() / ".cache" / "rnnbuild") == "~/.cache/rnnbuild"
    assert short_path(Path("/opt/rnnbuild")) == "/opt/rnnbuild"
