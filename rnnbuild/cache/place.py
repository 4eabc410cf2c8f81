"""Where the cache is, and why something could not be written to it."""

import os
from pathlib import Path

from rnnbuild.errors import RnnbuildError

HINT = "name another folder: RNNBUILD_CACHE=/path"
_REASONS: list[str] = []


def cache_folder() -> Path | None:
    """The folder of all entries: RNNBUILD_CACHE, else the system's folder for caches.

    None for a user without a home, as in a container that runs under an arbitrary number.
    """
    if stated := os.environ.get("RNNBUILD_CACHE"):
        # `Path.expanduser` raises RuntimeError where there is no home.
        return Path(os.path.expanduser(stated))  # noqa: PTH111
    from platformdirs import user_cache_path  # 5 ms, which most commands need not spend

    try:
        return user_cache_path("rnnbuild", appauthor=False, opinion=False)
    except RuntimeError:
        return None


def writable_folder(kind: str) -> Path:
    """The folder of the entries of a kind, made if it is not there.

    Raises RnnbuildError if there is none, or none can be written to.
    """
    from tempfile import TemporaryFile

    folder = cache_folder()
    if folder is None:
        raise RnnbuildError("there is no home directory for a cache", HINT)
    try:
        (folder / kind).mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder / kind):
            return folder / kind
    except OSError as error:
        raise RnnbuildError(
            f"the cache {folder} cannot be written: {error.strerror}", HINT
        ) from None


def note_failure(error: OSError | None = None) -> None:
    """Remember that something could not be cached; no error where there is no folder."""
    if error is None:
        _REASONS.append("there is no home directory for a cache")
    else:
        _REASONS.append(f"the cache {cache_folder()} cannot be written ({error.strerror})")


def why_not_cached() -> str | None:
    """The first reason in this process why something could not be cached; None if all was."""
    return _REASONS[0] if _REASONS else None
