"""A folder that is either wholly there or not at all, whatever happens while it is filled."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path

from rnnbuild.errors import ArgumentError, RnnbuildError
from rnnbuild.leftovers import new_held_folder, release, sweep


def refuse_existing(target: Path, option: str = "--output") -> None:
    """Raises ArgumentError where something has that name: nothing is overwritten.

    `option` is the one by which the folder is named.
    """
    if os.path.lexists(target):
        raise ArgumentError(
            f"{target} already exists and is not overwritten", f"name another folder with {option}"
        )


@contextmanager
def new_folder(target: Path, option: str = "--output") -> Iterator[Path]:
    """A folder to fill, beside `target`, whose name it gets once the block ends without error.

    What killed processes left beside it is deleted. Raises RnnbuildError where it cannot be
    written.
    """
    prefix = f".{target.name}.part-"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        sweep(target.parent.glob(f"{escape(prefix)}*"))
        held = new_held_folder(target.parent, prefix)
    except FileExistsError as error:
        raise ArgumentError(
            f"{target} cannot be written: {error.filename} is not a folder",
            f"name another folder with {option}",
        ) from None
    except OSError as error:
        raise RnnbuildError(f"{target} cannot be written: {error.strerror}") from None
    try:
        # Within the one that is held, which is for its owner alone.
        folder = held / target.name
        folder.mkdir()
        yield folder
        flush(folder)
        refuse_existing(target, option)
        folder.rename(target)
    except OSError as error:
        raise RnnbuildError(
            f"{target} cannot be written: {error.strerror}", "nothing of it is left"
        ) from error
    finally:
        shutil.rmtree(held, ignore_errors=True)
        release(held)


def flush(folder: Path) -> None:
    """Make the files outlive a power cut."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
