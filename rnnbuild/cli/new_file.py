"""Writing new files, never over existing ones."""

from pathlib import Path

from rnnbuild import atomic
from rnnbuild.errors import ArgumentError


def write_new(path: Path, content: str | bytes) -> Path:
    """Write a file atomically. Raises ArgumentError where it exists or cannot be written."""
    refuse_existing(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write_bytes(path, content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise ArgumentError(f"{path} cannot be written: {error.strerror}") from None
    return path


def refuse_existing(path: Path) -> None:
    """Raises ArgumentError where the file exists: nothing is overwritten."""
    if path.exists():
        raise ArgumentError(f"{path} already exists and is not overwritten", "name another file")
