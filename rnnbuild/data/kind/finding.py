"""One answer of the health check."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Level = Literal["ok", "warning", "failure"]
"""failure: scores would say little, or training cannot begin; warning: look before you trust."""


@dataclass(frozen=True)
class Finding:
    """What was looked at, how it stands and why, and where it is not ok what mends it.

    `reason` and `remedy` are a sentence each; `figures` are the same in numbers, by split where
    they differ between splits.
    """

    level: Level
    what: str
    reason: str
    remedy: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)


def ok(what: str, reason: str, **figures: Any) -> Finding:
    """Nothing to mend; `figures` are what was looked at, for JSON."""
    return Finding("ok", what, reason, "", figures)


def warning(what: str, reason: str, remedy: str, **figures: Any) -> Finding:
    """Worth a look: scores may mislead or rows be wasted."""
    return Finding("warning", what, reason, remedy, figures)


def failure(what: str, reason: str, remedy: str, **figures: Any) -> Finding:
    """The run or its scores would be worth nothing."""
    return Finding("failure", what, reason, remedy, figures)


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:]}{'' if text[-1:] in '.?!' else '.'}"
