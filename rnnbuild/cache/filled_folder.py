"""An entry that is a folder of files, too large for memory.

It appears under its key by one rename, whole or not at all. A manifest beside its files has their
sizes, checksums and times of change, so that an entry that was truncated or changed is noticed and
built again.
"""

import json
import os
import shutil
import zlib
from atexit import register
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from rnnbuild.cache.place import HINT, cache_folder, note_failure
from rnnbuild.errors import DataError
from rnnbuild.leftovers import new_held_folder, release, sweep

MANIFEST = "manifest.json"
LARGEST = 32 << 30
"""Bytes that all entries of one kind may take; the least recently used are deleted first."""
LARGE = 1 << 24
"""Bytes from which a file that has its recorded time of change is not summed again: 3 ms for each
smaller file, but seconds for gigabytes."""
PIECE = 1 << 20
UNFINISHED, TEMPORARY = ".part-", ".rnnbuild-temporary-"
SHARED_MEMORY = Path("/dev/shm")
"""Writable on Linux even where no disk is."""


def cached_folder(kind: str, key: str, build: Callable[[Path], None]) -> Path:
    """The folder that `build` fills, from the cache if it has a sound entry of that key.

    If the cache cannot be written, or is full, the folder is a temporary one, deleted when the
    process ends. Raises DataError if that cannot be written either; what else `build` raises
    passes through.
    """
    cache = cache_folder()
    if cache is None:
        note_failure()
        return _temporary(build)
    shelf = cache / kind
    entry = shelf / key
    if _is_sound(entry):
        return entry
    try:
        shelf.mkdir(parents=True, exist_ok=True)
        _make_room(shelf)
        return _move_into_place(_filled(shelf, UNFINISHED, build), entry)
    except OSError as error:
        note_failure(error)
        return _temporary(build)


def _filled(parent: Path, prefix: str, build: Callable[[Path], None]) -> Path:
    """A new folder that `build` has filled, still held. Raises OSError; nothing is left then."""
    folder = new_held_folder(parent, prefix)
    try:
        build(folder)
        _write_manifest(folder)
    # Whatever interrupts `build`, Ctrl-C too: nothing of it remains, and it is raised again.
    except BaseException:
        _discard(folder)
        raise
    return folder


def _discard(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    release(folder)


def _temporary(build: Callable[[Path], None]) -> Path:
    """A filled folder that is deleted when the process ends."""
    error = None
    for parent in _temporary_parents():
        try:
            sweep(parent.glob(f"{TEMPORARY}*"))
            folder = _filled(parent, TEMPORARY, build)
        except OSError as reason:
            error = error or reason
        else:
            register(_discard, folder)
            return folder
    raise DataError(
        f"the encoded data cannot be written, neither to {cache_folder() or 'a cache'} nor to a "
        f"temporary folder{f': {error.strerror}' if error else ''}",
        f"make room there, or {HINT}",
    )


def _temporary_parents() -> Iterator[Path]:
    import tempfile

    # Raised where there is none, and the current folder cannot be written either.
    with suppress(FileNotFoundError):
        yield Path(tempfile.gettempdir())
    if SHARED_MEMORY.is_dir():
        yield SHARED_MEMORY


def _move_into_place(folder: Path, entry: Path) -> Path:
    """Rename `folder` to `entry`; if another process was quicker, its entry is used."""
    try:
        if entry.exists():
            shutil.rmtree(entry, ignore_errors=True)
        folder.rename(entry)
    except OSError:
        if not _is_sound(entry):
            return folder
        _discard(folder)
    release(folder)
    return entry


def _write_manifest(folder: Path) -> None:
    paths = [path for path in sorted(folder.iterdir()) if path.is_file()]
    manifest = {path.name: _summary(path) for path in paths if path.name != MANIFEST}
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def _summary(path: Path) -> dict[str, int]:
    return {"size": path.stat().st_size, "checksum": _checksum(path), "changed": _changed(path)}


def _checksum(path: Path) -> int:
    """CRC-32 of a file's content."""
    checksum = 0
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            checksum = zlib.crc32(piece, checksum)
    return checksum


def _changed(path: Path) -> int:
    """When it was last changed in any way, which no program can set."""
    return path.stat().st_ctime_ns


def _is_sound(entry: Path) -> bool:
    try:
        manifest: dict[str, dict[str, Any]] = json.loads((entry / MANIFEST).read_bytes())
        if not manifest:
            return False
        touched = False
        for name, summary in manifest.items():
            path = entry / name
            if path.stat().st_size != summary["size"]:
                return False
            same = _changed(path) == summary["changed"]
            if not (same and summary["size"] >= LARGE) and _checksum(path) != summary["checksum"]:
                return False
            touched = touched or not same
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        return False
    _mark_as_used(entry, touched)
    return True


def _mark_as_used(entry: Path, touched: bool) -> None:
    """The most recently used is deleted last; a copied entry is summed only once."""
    try:
        if touched:
            _write_manifest(entry)
        else:
            os.utime(entry / MANIFEST)
    except OSError:
        pass  # a cache that is read-only, or another user's, can still be read


def _make_room(shelf: Path) -> None:
    """Delete unfinished entries and, beyond LARGEST bytes, the least recently used ones."""
    sweep(shelf.glob(f"{UNFINISHED}*"))
    used: list[tuple[float, int, Path]] = []
    for entry in list(shelf.iterdir()):
        try:
            last = (entry / MANIFEST).stat().st_mtime
            size = sum(file.stat().st_size for file in entry.iterdir())
        except OSError:
            continue  # not an entry, or one that another process has just deleted
        if not entry.name.startswith(UNFINISHED):
            used.append((last, size, entry))
    total = sum(size for _, size, _ in used)
    for _, size, entry in sorted(used):
        if total <= LARGEST:
            return
        shutil.rmtree(entry, ignore_errors=True)
        total -= size
