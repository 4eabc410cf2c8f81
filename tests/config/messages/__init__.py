"""Whole messages, as a user sees them, and the requests that bring them about."""

from pathlib import Path

import pytest


def cases(name: str) -> list[object]:
    """(request, message) of one file: a title, the request, `---`, the message.

    Without a `---` the title is the request itself.
    """
    text = (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8")
    found = []
    for case in text.removeprefix("=== ").split("\n=== "):
        title, _, rest = case.partition("\n")
        request, _, message = rest.rpartition("\n---\n")
        found.append(
            pytest.param(f"{request}\n" if request else title, message.strip("\n"), id=title)
        )
    return found
