"""Public corpora, which are no part of the project: RNNBUILD_CORPORA names the folder of them."""

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("RNNBUILD_CORPORA", "corpora")).resolve()
"""Holds `atis/`, `mr/`, `imdb/`, `series/`, `shakespeare/` and `tatoeba/`, or some of them."""

UNSET = "RNNBUILD_CORPORA names no folder of public corpora"


def corpus(path: str) -> Path:
    """A folder or a file of the corpora; skips the test where it is absent."""
    if "RNNBUILD_CORPORA" not in os.environ:
        pytest.skip(UNSET)
    if not (FOLDER / path).exists():
        pytest.skip(f"there is no {FOLDER / path}")
    return FOLDER / path
