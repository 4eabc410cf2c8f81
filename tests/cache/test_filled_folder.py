"""The cache: an entry is whole or is made again, and nothing it suffers reaches the user."""

import os
import shutil
import stat
from pathlib import Path

import pytest

from rnnbuild.cache import filled_folder as cache
from rnnbuild.cache import place
from rnnbuild.cache.place import cache_folder, why_not_cached
from rnnbuild.errors import DataError
from rnnbuild.leftovers import new_held_folder, release
from tests.small_disk import small_disk


@pytest.fixture
def builds(tmp_path, monkeypatch):
    """A build that counts its calls."""
    monkeypatch.setenv("RNNBUILD_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(place, "_REASONS", [])
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
    assert list((cache_folder() / "kind").iterdir()) == []


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


def test_what_a_killed_process_left_goes_and_what_a_living_one_builds_stays(builds):
    _, build = builds
    shelf = cache.cached_folder("kind", "key", build).parent
    left = shelf / ".part-killed"
    shutil.copytree(shelf / "key", left)
    built = new_held_folder(shelf, ".part-")
    try:
        cache.cached_folder("kind", "second", build)
        assert not left.exists()
        assert built.exists()
    finally:
        release(built)


def test_a_change_anywhere_in_a_large_file_is_noticed_whatever_date_it_gets(builds, monkeypatch):
    calls, build = builds
    monkeypatch.setattr(cache, "LARGE", 1000)
    entry = cache.cached_folder("kind", "key", build)
    file, place = entry / "numbers.bin", 777_777
    before = file.stat()
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    with file.open("r+b") as stream:
        stream.write(content)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    again = cache.cached_folder("kind", "key", build)
    assert len(calls) == 2
    assert (again / "numbers.bin").read_bytes()[place] != content[place]


def test_a_large_file_is_summed_again_only_after_it_was_touched(builds, monkeypatch):
    _, build = builds
    monkeypatch.setattr(cache, "LARGE", 1000)
    entry = cache.cached_folder("kind", "key", build)
    summed: list[Path] = []
    checksum = cache._checksum
    monkeypatch.setattr(cache, "_checksum", lambda path: summed.append(path) or checksum(path))
    cache.cached_folder("kind", "key", build)
    assert not summed
    (entry / "numbers.bin").chmod(0o600)  # as a copy of the cache would be: same content, new times
    assert cache.cached_folder("kind", "key", build) == entry
    assert summed
    summed.clear()
    cache.cached_folder("kind", "key", build)
    assert not summed


def test_a_full_cache_costs_only_time(tmp_path, monkeypatch, builds):
    calls, build = builds
    with small_disk(tmp_path / "disk", kilobytes=64) as disk:
        monkeypatch.setenv("RNNBUILD_CACHE", str(disk))
        folder = cache.cached_folder("kind", "key", build)
        assert (folder / "numbers.bin").stat().st_size == 256 * 5000
        assert len(calls) == 2  # in vain in the cache, then in a temporary folder
        assert not list((disk / "kind").iterdir())
    assert "No space left on device" in (why_not_cached() or "")


def test_where_no_temporary_folder_can_be_written_either_a_sentence_says_so(monkeypatch, builds):
    _, build = builds

    def refuse(parent: Path, prefix: str) -> Path:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(cache, "new_held_folder", refuse)
    with pytest.raises(DataError, match=r"cannot be written.*Read-only file system") as caught:
        cache.cached_folder("kind", "key", build)
    assert "RNNBUILD_CACHE=" in str(caught.value)
