"""A folder that is copied from one machine to another again and again, by what changed in it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from rnnbuild import atomic

LAST = ("resolved.yaml", "metrics.json")
"""Written after all others, since they say that a run began, or ended."""
OWN = "lock"
"""Belongs to the machine where the folder is."""


@dataclass(frozen=True)
class Shipment:
    """All files of a folder by their relative paths, and the contents of those that changed."""

    names: tuple[str, ...]
    contents: dict[str, bytes]


class ShippedFolder:
    """A folder, and what was shipped of it so far."""

    def __init__(self, path: Path):
        self.path = path
        self._shipped: dict[str, tuple[int, int]] = {}
        """Size and time of change of each file."""

    def news(self) -> Shipment:
        """What changed since the last call. Nothing may write to the folder meanwhile."""
        there = {
            str(path.relative_to(self.path)): path
            for path in sorted(self.path.rglob("*"))
            if path.is_file() and not path.name.startswith(".") and path.name != OWN
        }
        states = {name: state_of(path) for name, path in there.items()}
        changed = [name for name, state in states.items() if self._shipped.get(name) != state]
        self._shipped = states
        return Shipment(tuple(there), {name: there[name].read_bytes() for name in changed})


def state_of(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def unpack(shipment: Shipment, folder: Path) -> None:
    """Make a folder what the shipped one was; killed at any moment, it is a run that can go on.

    Raises OSError.
    """
    for name in sorted(shipment.contents, key=lambda name: (Path(name).name in LAST, name)):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write_bytes(path, shipment.contents[name])
    there = ShippedFolder(folder).news().names
    for name in set(there) - set(shipment.names):
        (folder / name).unlink(missing_ok=True)


def emptied(folder: Path) -> Path:
    """The folder, new or with nothing in it. Raises OSError."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
