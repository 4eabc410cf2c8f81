"""A cache on the disk for what can be computed again.

An entry is a folder of files. It appears under its key by one rename, whole or not at all; a
manifest beside its files has their sizes and checksums, so an entry that was truncated or changed
is noticed and built again. A cache that is damaged, full or not writable only costs time.
"""

import json
import os
import shutil
import tempfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path

from rnnbuild.errors import DataError

MANIFEST = "manifest.json"
LARGEST = 32 << 30
"""Bytes that all entries of one kind may take; the least recently used are deleted first."""
ABANDONED = 24 * 3600.0
"""Seconds after which an unfinished entry is deleted."""
SAMPLES, SAMPLE = 32, 1 << 16
"""A file's checksum covers SAMPLES pieces of SAMPLE bytes, evenly spread; all of a small file."""


def cache_folder() -> Path:
    """The folder of all entries: RNNBUILD_CACHE, else the system's folder for caches."""
    if stated := os.environ.get("RNNBUILD_CACHE"):
        return Path(stated).expanduser()
    from platformdirs import user_cache_path  # 5 ms, which most commands need not spend

    return user_cache_path("rnnbuild", appauthor=False, opinion=False)


def cache_compiled_code(sources: Path) -> None:
    """Let Numba cache code compiled from a folder; to be called before Numba is imported.

    Numba looks at the file of the outermost function alone, not at those of functions inlined into
    it. So the cache's name follows from the content of all of them.
    """
    digest = zlib.crc32(b"".join(path.read_bytes() for path in sorted(sources.glob("*.py"))))
    os.environ.setdefault("NUMBA_CACHE_DIR", str(cache_folder() / "kernels" / f"{digest:08x}"))


def cached_folder(kind: str, key: str, build: Callable[[Path], None]) -> Path:
    """The folder that `build` fills, from the cache if it has a sound entry of that key.

    If the cache cannot be written, the folder is a temporary one, deleted when the process ends.
    Raises DataError if there is no room on the disk; what `build` raises passes through.
    """
    shelf = cache_folder() / kind
    entry = shelf / key
    if _is_sound(entry):
        return entry
    try:
        shelf.mkdir(parents=True, exist_ok=True)
        _make_room(shelf)
        folder = Path(tempfile.mkdtemp(prefix=".part-", dir=shelf))
    except OSError:
        return _fill(_temporary(), build)
    try:
        _fill(folder, build)
        return _move_into_place(folder, entry)
    # Whatever interrupts `build`, Ctrl-C too: no part of an entry remains, and it is raised again.
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _fill(folder: Path, build: Callable[[Path], None]) -> Path:
    try:
        build(folder)
        files = {path.name: _summary(path) for path in sorted(folder.iterdir()) if path.is_file()}
        (folder / MANIFEST).write_text(json.dumps(files), encoding="utf-8")
    except OSError as error:
        raise DataError(
            f"the encoded data cannot be written to {folder}: {error.strerror}",
            hint="make room there, or name another folder: RNNBUILD_CACHE=/path",
        ) from error
    return folder


def _move_into_place(folder: Path, entry: Path) -> Path:
    """Rename `folder` to `entry`; if another process was quicker, its entry is used."""
    try:
        if entry.exists():
            shutil.rmtree(entry, ignore_errors=True)
        folder.rename(entry)
    except OSError:
        if not _is_sound(entry):
            return folder
        shutil.rmtree(folder, ignore_errors=True)
    return entry


def _is_sound(entry: Path) -> bool:
    try:
        files = json.loads((entry / MANIFEST).read_text(encoding="utf-8"))
        sound = bool(files) and all(
            _summary(entry / name) == summary for name, summary in files.items()
        )
        if sound:
            os.utime(entry / MANIFEST)  # the most recently used is deleted last
    except (OSError, ValueError, AttributeError):
        return False
    return sound


def _summary(path: Path) -> list[int]:
    """Size and checksum of a file; the checksum of SAMPLES pieces if it is large."""
    size = path.stat().st_size
    checksum = 0
    with path.open("rb") as stream:
        if size <= SAMPLES * SAMPLE:
            return [size, zlib.crc32(stream.read())]
        for number in range(SAMPLES):
            stream.seek((size - SAMPLE) * number // (SAMPLES - 1))
            checksum = zlib.crc32(stream.read(SAMPLE), checksum)
    return [size, checksum]


def _make_room(shelf: Path) -> None:
    """Delete unfinished entries and, beyond LARGEST bytes, the least recently used ones."""
    used: list[tuple[float, int, Path]] = []
    for entry in list(shelf.iterdir()):
        try:
            unfinished = entry.name.startswith(".part-")
            last = (entry if unfinished else entry / MANIFEST).stat().st_mtime
            size = sum(file.stat().st_size for file in entry.iterdir())
        except OSError:
            continue  # not an entry, or one that another process has just deleted
        if not unfinished:
            used.append((last, size, entry))
        elif time.time() - last > ABANDONED:
            shutil.rmtree(entry, ignore_errors=True)
    total = sum(size for _, size, _ in used)
    for _, size, entry in sorted(used):
        if total <= LARGEST:
            return
        shutil.rmtree(entry, ignore_errors=True)
        total -= size


_TEMPORARY: list[tempfile.TemporaryDirectory[str]] = []


def _temporary() -> Path:
    """A folder that is deleted when the process ends."""
    try:
        folder = tempfile.TemporaryDirectory(prefix="rnnbuild-", ignore_cleanup_errors=True)
    except OSError as error:
        raise DataError(
            f"neither {cache_folder()} nor a temporary folder can be written: {error.strerror}",
            hint="name a writable folder: RNNBUILD_CACHE=/path",
        ) from error
    _TEMPORARY.append(folder)
    return Path(folder.name)
