"""One finding of the health check: the answer to a question about the data."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Level = Literal["ok", "unchecked", "warning", "failure"]
"""failure: scores would mean little, or training cannot start; warning: check before you trust;
unchecked: the data, or a part of it, does not allow to look; ok: looked at, and nothing to fix."""


@dataclass(frozen=True)
class Finding:
    """What was checked, its level and the reason, and a remedy where there is something to fix.

    `reason` says what was looked at, and what was not; `remedy` is a sentence; `figures` are the
    same in numbers, by split where splits differ.
    """

    level: Level
    what: str
    reason: str
    remedy: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)


def ok(what: str, reason: str, **figures: Any) -> Finding:
    """Nothing to fix; `figures` are what was checked, for JSON."""
    return Finding("ok", what, reason, "", figures)


def unchecked(what: str, because: str, **figures: Any) -> Finding:
    """Not looked at; `because` is a clause."""
    return Finding("unchecked", what, f"Not looked at, because {because}.", "", figures)


def limited(finding: Finding, missing: Mapping[str, str]) -> Finding:
    """The finding, which did not look at some parts: what is ok of the others is not ok of all.

    `missing` has a clause for each part, such as a split, that says why.
    """
    if not missing:
        return finding
    parts = "; ".join(f"{part}, because {because}" for part, because in missing.items())
    return replace(
        finding,
        level="unchecked" if finding.level == "ok" else finding.level,
        reason=f"{finding.reason} Not looked at: {parts}.",
        figures={**finding.figures, "not_looked_at": dict(missing)},
    )


def warning(what: str, reason: str, remedy: str, **figures: Any) -> Finding:
    """Worth a look: scores may mislead or rows be wasted."""
    return Finding("warning", what, reason, remedy, figures)


def failure(what: str, reason: str, remedy: str, **figures: Any) -> Finding:
    """The run or its scores would be worth nothing."""
    return Finding("failure", what, reason, remedy, figures)


def sentence(text: str) -> str:
    """The text with a capital letter and a full stop."""
    return f"{text[:1].upper()}{text[1:]}{'' if text[-1:] in '.?!' else '.'}"
