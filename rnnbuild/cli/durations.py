"""Durations on the command line."""

import re

from rnnbuild.errors import ArgumentError

SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0}
DURATION = re.compile(r"(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?", re.ASCII)


def seconds_of(text: str | None) -> float | None:
    """Seconds in a duration such as `90s`, `10m`, `1h30m` or `1.5h`; None for None.

    Raises ArgumentError for anything that is not a duration.
    """
    if text is None:
        return None
    match = DURATION.fullmatch(text.strip().lower())
    seconds = 0.0
    if match:
        parts = zip(match.groups(), SECONDS.values(), strict=True)
        seconds = sum(float(number) * unit for number, unit in parts if number)
    if not 0 < seconds < float("inf"):
        raise ArgumentError(
            f"`{text}` is not a duration", "use hours, minutes or seconds: 1h30m, 10m, 90s"
        )
    return seconds
