"""Folders that are written to: whether they can be, and how much room they have."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rnnbuild.cache.place import HINT, cache_folder
from rnnbuild.doctor.finding import Finding, Verdict
from rnnbuild.doctor.paths import short_path
from rnnbuild.formatting import size_text

LITTLE_SPACE = 1_000_000_000
"""Bytes: the runs of a small study."""


def places() -> Iterator[Finding]:
    """A file is written to each folder, and removed again."""
    yield folder_finding(
        "runs, in this folder", Path.cwd(), "broken", "train elsewhere: --run-dir FOLDER"
    )
    try:
        temporary = Path(tempfile.gettempdir())
        yield folder_finding("temporary files", temporary, "broken", "name another: TMPDIR=/path")
    except FileNotFoundError as error:
        yield Finding(
            *("disk", "write temporary files", f"no folder takes any: {error.strerror}"),
            verdict="broken",
            fix="name one: TMPDIR=/path",
        )
    yield cache()


def cache() -> Finding:
    """The folder of caches, without which only time is lost."""
    folder = cache_folder()
    if folder is None:
        return Finding("disk", "write the cache", "there is no home directory for it", "note", HINT)
    looked_at = f"the cache ({size_text(_size(folder))})"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        found = f"{short_path(folder)} cannot be made: {error.strerror}"
        return Finding("disk", f"write {looked_at}", found, "note", HINT)
    return folder_finding(looked_at, folder, "note", HINT)


def folder_finding(what: str, folder: Path, without: Verdict, fix: str) -> Finding:
    """Whether a file can be written to a folder, and how much room there is; `without` it, what
    that means."""
    looked_at = f"write {what}"
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"rnnbuild")
        free = shutil.disk_usage(folder).free
    except OSError as error:
        found = f"{short_path(folder)} cannot be written: {error.strerror}"
        return Finding("disk", looked_at, found, without, fix)
    found = f"{short_path(folder)}, {size_text(free)} free"
    if free < LITTLE_SPACE:
        return Finding("disk", looked_at, found, "note", f"make room, or {fix}")
    return Finding("disk", looked_at, found)


def _size(folder: Path) -> int:
    """Bytes of the files in a folder, as far as they can be read."""
    total = 0
    for where, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(where) / name).lstat().st_size
            except OSError:
                continue
    return total
