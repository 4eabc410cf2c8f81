"""Writing a page's file, which replaces nothing but another page."""

import os
from pathlib import Path

from rnnbuild import atomic
from rnnbuild.errors import ArgumentError
from rnnbuild.reports.blocks import Page
from rnnbuild.reports.html import GENERATOR, page_html

HEAD = 200
"""Bytes at the beginning of a page that contain its generator."""


def write_page(path: Path, page: Page) -> int:
    """Write a page atomically, in place of an older page; returns its bytes.

    Raises ArgumentError where the path is something else, or cannot be written.
    """
    refuse_other_than_page(path)
    content = page_html(page).encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write_bytes(path, content)
    except OSError as error:
        raise ArgumentError(f"{path} cannot be written: {error.strerror}") from None
    return len(content)


def refuse_other_than_page(path: Path) -> None:
    """Raises ArgumentError where something else than a page has this name: it stays."""
    if not os.path.lexists(path):
        return
    try:
        with path.open("rb") as stream:
            known = path.is_file() and GENERATOR.encode() in stream.read(HEAD)
    except OSError as error:
        raise ArgumentError(f"{path} cannot be replaced: {error.strerror}") from None
    if not known:
        raise ArgumentError(
            f"{path} already exists, is not a page of rnnbuild, and is not overwritten",
            "name another file with --output",
        )
