"""Whether the files of an export are those that were written."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path


def digests_of(folder: Path, paths: Iterable[Path]) -> dict[str, str]:
    """SHA-256 of these files, and of those in folders among them, by their place in `folder`."""
    files = [
        file
        for path in paths
        for file in (sorted(path.rglob("*")) if path.is_dir() else [path])
        if file.is_file()
    ]
    return {file.relative_to(folder).as_posix(): digest_of(file) for file in files}


def changed_file(folder: Path, digests: Mapping[str, str]) -> str | None:
    """What is wrong with the first of the files that has another content; None if none has.

    Raises OSError for one that cannot be read.
    """
    for name, digest in digests.items():
        if not (folder / name).is_file():
            return f"{folder / name} is missing, or not a file"
        if digest_of(folder / name) != digest:
            return f"{folder / name} is damaged, or of another export"
    return None


def digest_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
