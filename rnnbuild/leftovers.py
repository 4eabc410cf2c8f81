"""Unfinished files and folders that killed processes left.

Whoever writes one holds the system's lock on it, which ends with the process, however it ends. So
what nobody holds is nobody's, and is deleted, whatever its age and whoever began it.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

ABANDONED = 24 * 3600.0
"""Seconds after which it is deleted where the system has no such locks."""
_HELD: dict[Path, int] = {}
"""Descriptors of the folders that this process holds."""


def open_held(path: Path) -> BinaryIO:
    """A new file, held until it is closed."""
    while True:
        stream = path.open("wb")
        if hold(stream.fileno()):
            return stream
        stream.close()  # it was swept before it was held


def new_held_folder(parent: Path, prefix: str) -> Path:
    """A new folder, held until `release`."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        if os.name != "posix":
            return folder
        with suppress(FileNotFoundError):  # it was swept before it was held
            descriptor = os.open(folder, os.O_RDONLY)
            if hold(descriptor):
                _HELD[folder] = descriptor
                return folder
            os.close(descriptor)


def release(folder: Path) -> None:
    """Hold a folder of `new_held_folder` no longer: it is finished, or deleted."""
    descriptor = _HELD.pop(folder, None)
    if descriptor is not None:
        os.close(descriptor)


def sweep(paths: Iterable[Path]) -> None:
    """Delete those of these unfinished files and folders that nobody holds."""
    for path in paths:
        with suppress(OSError):  # another process has just deleted it, or it is not ours to delete
            if os.name == "posix":
                _delete_unless_held(path)
            elif time.time() - path.stat().st_mtime > ABANDONED:
                _delete(path)


def hold(descriptor: int) -> bool:
    """Lock what is open until it is closed; False if another process has, or has deleted it."""
    if os.name != "posix":
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks: nothing is swept there either
        return True
    return os.fstat(descriptor).st_nlink > 0


def _delete_unless_held(path: Path) -> None:
    import fcntl

    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _delete(path)  # while it is locked, so that its writer notices
    finally:
        os.close(descriptor)


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink()
