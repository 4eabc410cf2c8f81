"""Whether data is the same as before: by a file's content, or at a glance by its date."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rnnbuild import atomic
from rnnbuild.cache import cache_folder
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.bundled.registry import bundled_dataset
from rnnbuild.data.disk.files import files_by_split

CHUNK = 1 << 20
LARGE = 1 << 26


@dataclass(frozen=True)
class Fingerprint:
    """A file as it was read."""

    name: str
    """Its path relative to the config, or the name of a bundled dataset's file."""
    size: int
    sha256: str


def files_of(data: DataConfig, folder: Path) -> list[Path]:
    """Every file that determines the data. Raises DataError if one is missing."""
    if data.dataset is not None:
        return list(bundled_dataset(data.dataset, data.place("dataset")).sources)
    return [path for paths in files_by_split(data, folder).values() for path in paths]


def fingerprints_of(
    data: DataConfig | None, folder: Path, also: Path | None = None
) -> list[Fingerprint]:
    """The content of every file, for a run's record, and of a file `also`.

    Raises DataError, OSError.
    """
    more = [_fingerprint(also, folder)] if also else []
    if data is None:
        return more
    # A bundled dataset is inside the package, whatever the folder: its files' names suffice.
    above = folder if data.dataset is None else None
    return [*(_fingerprint(path, above) for path in files_of(data, folder)), *more]


def _fingerprint(path: Path, folder: Path | None) -> Fingerprint:
    return Fingerprint(_name(path, folder), path.stat().st_size, sha256_of(path))


def sha256_of(path: Path) -> str:
    """A file's SHA-256.

    It is cached for a file of LARGE bytes or more, as long as its place, size and time of change
    stay the same: reading gigabytes again would delay every run.
    """
    if path.stat().st_size < LARGE:
        return read_sha256(path)
    known = cache_folder() / "sha256" / hashlib.sha256(_state(path).encode()).hexdigest()
    try:
        remembered = known.read_text(encoding="ascii")
        if len(remembered) == 64:
            return remembered
    except (OSError, ValueError):
        pass
    digest = read_sha256(path)
    with suppress(OSError):  # a cache that cannot be written only costs time
        known.parent.mkdir(parents=True, exist_ok=True)
        atomic.write_text(known, digest)
    return digest


def read_sha256(path: Path) -> str:
    """A file's SHA-256, read piece by piece."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def glance_key(data: DataConfig, folder: Path, also: Path | None = None) -> str:
    """A key that changes with the options and with any file's name, size or time of change.

    The key covers a file `also`, besides those that `data` names. The files are not read. Raises
    DataError if one is missing.
    """
    digest = hashlib.sha256(data.model_dump_json().encode())
    for path in [*files_of(data, folder), *([also] if also else [])]:
        digest.update(_state(path).encode())
    return digest.hexdigest()


def _state(path: Path) -> str:
    """Place, size and time of change."""
    status = path.stat()
    return f"\0{path.resolve()}\0{status.st_size}\0{status.st_mtime_ns}"


def _name(path: Path, folder: Path | None) -> str:
    if folder is None or not path.is_relative_to(folder):
        return path.name
    return str(path.relative_to(folder))
