"""Oddities of a file that can still be read: how they were treated, and what to do about them."""

from dataclasses import dataclass

from rnnbuild.formatting import plural

FIX = "Fix the file, unless this is how it should be read."
"""The remedy where reading had to guess what was meant."""


@dataclass(frozen=True)
class Note:
    """A sentence without its full stop; `remedy` is empty where the file may stay as it is."""

    text: str
    remedy: str = ""

    def __str__(self) -> str:
        return self.text


def skipped(source: str, count: int, noun: str, more: str = "") -> list[Note]:
    """The note on what was skipped in a file, if anything was."""
    return [Note(f"{source}: skipped {plural(count, noun)}{more}")] if count else []
