"""One finding of the health check."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Level = Literal["ok", "warning", "failure"]
"""failure: scores would mean little, or training cannot start; warning: check before you trust."""


@dataclass(frozen=True)
class Finding:
    """What was checked, its level and the reason, and a remedy unless the level is ok.

    `reason` and `remedy` are a sentence each; `figures` are the same in numbers, by split where
    splits differ.
    """

    level: Level
    what: str
    reason: str
    remedy: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)


def ok(what: str, reason: str, **figures: Any) -> Finding:
    """Nothing to fix; `figures` are what was checked, for JSON."""
    return Finding("ok", what, reason, "", figures)


def warning(what: str, reason: str, remedy: str, **figures: Any) -> Finding:
    """Worth a look: scores may mislead or rows be wasted."""
    return Finding("warning", what, reason, remedy, figures)


def failure(what: str, reason: str, remedy: str, **figures: Any) -> Finding:
    """The run or its scores would be worth nothing."""
    return Finding("failure", what, reason, remedy, figures)


def sentence(text: str) -> str:
    """The text with a capital letter and a full stop."""
    return f"{text[:1].upper()}{text[1:]}{'' if text[-1:] in '.?!' else '.'}"
