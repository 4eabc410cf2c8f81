"""Writing a file that was not there before."""

from pathlib import Path

from rnnbuild import atomic
from rnnbuild.errors import ArgumentError


def write_new(path: Path, content: str | bytes) -> Path:
    """Write a file, whole or not at all. Raises ArgumentError where it exists or cannot be."""
    refuse_existing(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write_bytes(path, content.encode() if isinstance(content, str) else content)
    except OSError as error:
        raise ArgumentError(f"{path} cannot be written: {error.strerror}") from None
    return path


def refuse_existing(path: Path) -> None:
    """Raises ArgumentError where the file exists: nothing is written over."""
    if path.exists():
        raise ArgumentError(f"{path} exists, and is left as it is", "name another file")
