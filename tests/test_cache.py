"""The cache: an entry is whole or is made again, and nothing it suffers reaches the user."""

import os
import shutil
import stat
import sys
from pathlib import Path

import pytest

from rnnbuild import cache
from rnnbuild.errors import DataError


@pytest.fixture
def builds(tmp_path, monkeypatch):
    """A build that counts its calls."""
    monkeypatch.setenv("RNNBUILD_CACHE", str(tmp_path / "cache"))
    calls: list[Path] = []

    def build(folder: Path) -> None:
        calls.append(folder)
        (folder / "numbers.bin").write_bytes(bytes(range(256)) * 5000)

    return calls, build


def test_what_was_cached_is_not_built_again(builds):
    calls, build = builds
    assert cache.cached_folder("kind", "key", build) == cache.cached_folder("kind", "key", build)
    assert len(calls) == 1
    cache.cached_folder("kind", "another key", build)
    assert len(calls) == 2


@pytest.mark.parametrize("damage", ["cut short", "longer", "changed", "missing", "no manifest"])
def test_a_damaged_entry_is_built_again(builds, damage):
    calls, build = builds
    entry = cache.cached_folder("kind", "key", build)
    file = entry / "numbers.bin"
    content = file.read_bytes()
    match damage:
        case "cut short":
            file.write_bytes(content[:-1])
        case "longer":
            file.write_bytes(content + b"x")
        case "changed":
            file.write_bytes(b"x" + content[1:])
        case "missing":
            file.unlink()
        case "no manifest":
            (entry / cache.MANIFEST).unlink()
    again = cache.cached_folder("kind", "key", build)
    assert len(calls) == 2
    assert (again / "numbers.bin").read_bytes() == content


def test_a_build_that_fails_leaves_nothing(builds):
    _, build = builds

    def failing(folder: Path) -> None:
        build(folder)
        raise DataError("the data is wrong")

    with pytest.raises(DataError, match="the data is wrong"):
        cache.cached_folder("kind", "key", failing)
    assert list((cache.cache_folder() / "kind").iterdir()) == []


@pytest.mark.parametrize("where", ["a file", "a folder that is read-only"])
def test_a_cache_that_cannot_be_written_costs_only_time(tmp_path, monkeypatch, builds, where):
    calls, build = builds
    if where == "a file":
        (tmp_path / "cache").write_text("no folder")
    else:
        if os.name != "posix" or os.geteuid() == 0:
            pytest.skip("root may read and write everything")
        (tmp_path / "cache").mkdir()
        (tmp_path / "cache").chmod(stat.S_IRUSR | stat.S_IXUSR)
    folder = cache.cached_folder("kind", "key", build)
    assert (folder / "numbers.bin").stat().st_size == 256 * 5000
    assert calls == [folder]


def test_the_longest_unused_entries_go_when_room_is_needed(builds, monkeypatch):
    _, build = builds
    entries = [cache.cached_folder("kind", f"key {number}", build) for number in range(3)]
    for age, entry in enumerate(reversed(entries)):
        os.utime(entry / cache.MANIFEST, (1e9 - age, 1e9 - age))
    os.utime(entries[0] / cache.MANIFEST)
    monkeypatch.setattr(cache, "LARGEST", 2 * 256 * 5000 + 1000)
    cache.cached_folder("kind", "new", build)
    assert [entry.exists() for entry in entries] == [True, False, True]


def test_an_entry_that_another_process_placed_first_is_taken(builds):
    _, build = builds

    def overtaken(folder: Path) -> None:
        build(folder)
        cache.cached_folder("kind", "key", build)

    entry = cache.cached_folder("kind", "key", overtaken)
    assert entry.name == "key"
    assert (entry / "numbers.bin").exists()


def test_what_a_killed_process_left_goes_after_a_day(builds):
    _, build = builds
    shelf = cache.cached_folder("kind", "key", build).parent
    left = shelf / ".part-killed"
    shutil.copytree(shelf / "key", left)
    cache.cached_folder("kind", "second", build)
    assert left.exists()
    os.utime(left, (1e9, 1e9))
    cache.cached_folder("kind", "third", build)
    assert not left.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="another system has another folder for caches")
def test_the_cache_is_where_the_desktop_specification_says_or_where_the_user_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RNNBUILD_CACHE")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert cache.cache_folder() == tmp_path / ".cache" / "rnnbuild"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "elsewhere"))
    assert cache.cache_folder() == tmp_path / "elsewhere" / "rnnbuild"
    monkeypatch.setenv("RNNBUILD_CACHE", "~/mine")
    assert cache.cache_folder() == tmp_path / "mine"
