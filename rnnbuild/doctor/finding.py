"""One thing that was looked at."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["ok", "note", "optional", "broken"]
"""`note` is worth knowing, `optional` is not installed and not needed; training needs what is
`broken`."""


@dataclass(frozen=True)
class Finding:
    about: str
    looked_at: str
    """What was done to find out: `import numpy`."""
    found: str
    verdict: Verdict = "ok"
    fix: str | None = None
    """What to do about it, for all but `ok`."""
