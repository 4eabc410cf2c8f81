"""Do the windows fit into their splits?"""

from collections.abc import Mapping

from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.health.shares import and_list, counts_per_split
from rnnbuild.data.kind.finding import Finding, ok, warning


def windows(
    counts: Mapping[SplitName, int], steps: Mapping[SplitName, int], window: int, horizon: int
) -> Finding:
    """Windows and steps of each split. A window may begin before its split.

    If no window fits, the data is not read at all.
    """
    reason = (
        f"There are {counts_per_split(counts, f'windows of {window:,} steps')}, with a horizon of "
        f"{horizon:,}"
    )
    numbers = {"window": window, "horizon": horizon, "windows": dict(counts), "steps": dict(steps)}
    if not counts["test"]:
        return warning(
            "windows",
            f"{reason}: no score can be computed.",
            "Hold out steps with `data.split.test`, or name a file with `data.test`.",
            **numbers,
        )
    alone = [name for name, count in counts.items() if count == 1]
    if alone:
        return warning(
            "windows",
            f"{reason}: a single window, as in {and_list(alone)}, says nothing of others.",
            "Shorten `data.window` or `data.horizon`, or hold out more steps with `data.split`.",
            **numbers,
        )
    if counts["train"] < window:
        return warning(
            "windows",
            f"{reason}: training has fewer windows than a window has steps.",
            "Shorten `data.window`, or train on more steps.",
            **numbers,
        )
    short = [name for name, count in steps.items() if name != "train" and 0 < count < window]
    if short:
        return warning(
            "windows",
            f"{reason}; a window is longer than {' and '.join(short)}, so all windows there begin "
            "before the split.",
            "Shorten `data.window`, or hold out more steps with `data.split`.",
            **numbers,
        )
    return ok("windows", f"{reason}.", **numbers)
