"""An entry of one file, with a checksum before its content."""

import zlib
from pathlib import Path

from rnnbuild import atomic
from rnnbuild.cache.place import cache_folder, note_failure

CHECKSUM = 8
"""Hexadecimal digits of the CRC-32 with which an entry begins."""


def read_entry(kind: str, key: str) -> bytes | None:
    """The content under a key; None if there is none, or it is damaged."""
    path = _path(kind, key)
    if path is None:
        return None
    try:
        entry = path.read_bytes()
    except OSError:
        return None
    content = entry[CHECKSUM:]
    return content if entry[:CHECKSUM] == _checksum(content) else None


def write_entry(kind: str, key: str, content: bytes) -> None:
    """Write an entry, if the cache can be written."""
    path = _path(kind, key)
    if path is None:
        note_failure()
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write_bytes(path, _checksum(content) + content)
    except OSError as error:
        note_failure(error)


def _path(kind: str, key: str) -> Path | None:
    folder = cache_folder()
    return folder and folder / kind / key


def _checksum(content: bytes) -> bytes:
    return f"{zlib.crc32(content):0{CHECKSUM}x}".encode()
