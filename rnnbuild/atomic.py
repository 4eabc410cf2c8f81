"""Files that are either wholly there or not at all, whatever happens while they are written."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path
from typing import BinaryIO

from rnnbuild.leftovers import open_held, sweep


def write_bytes(path: Path, content: bytes) -> None:
    """Write beside the file, flush to the disk, then rename: a reader sees the old or the new.

    Raises OSError (a full disk, a read-only folder); the old file then stays as it was.
    """
    with opened(path) as stream:
        stream.write(content)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """A stream beside the file, which takes the file's place once the block ends without error.

    What killed processes left beside it is deleted.
    """
    sweep(path.parent.glob(f".{escape(path.name)}.*.part"))
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open_held(beside) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
            # While it is held, so that it is not taken for what a killed process left.
            if os.name == "posix":
                beside.replace(path)
        if os.name != "posix":  # there a file that is open cannot be renamed
            beside.replace(path)
    # Whatever ends the block, Ctrl-C too: nothing half-written stays, and it is raised on.
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def write_text(path: Path, text: str) -> None:
    """As `write_bytes`, in UTF-8."""
    write_bytes(path, text.encode("utf-8"))


def _flush_folder(folder: Path) -> None:
    """Make a rename outlive a power cut, where the system lets folders be flushed."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
