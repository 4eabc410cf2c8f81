"""Do the windows fit into their splits?"""

from collections.abc import Mapping

from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.kind.finding import Finding, ok, warning


def windows(
    found: Mapping[SplitName, int], steps: Mapping[SplitName, int], window: int, horizon: int
) -> Finding:
    """Windows and steps of each split. A window may reach back over its split's border.

    Where none fits, the data is not read at all.
    """
    told = ", ".join(f"{count:,} {name}" for name, count in found.items())
    reason = f"Windows of {window:,} steps with a horizon of {horizon:,}: {told}"
    numbers = {"window": window, "horizon": horizon, "windows": dict(found), "steps": dict(steps)}
    if not found["test"]:
        return warning(
            "windows",
            f"{reason}: no score can be given.",
            "Hold steps out with `data.split.test`, or name a file with `data.test`.",
            **numbers,
        )
    if found["train"] < window:
        return warning(
            "windows",
            f"{reason}: fewer to train on than a window has steps.",
            "Shorten `data.window`, or train on more steps.",
            **numbers,
        )
    short = [name for name, count in steps.items() if name != "train" and 0 < count < window]
    if short:
        return warning(
            "windows",
            f"{reason}; a window is longer than the split of {' and '.join(short)}, so that all of "
            "its windows begin before it.",
            "Shorten `data.window`, or hold more steps out with `data.split`.",
            **numbers,
        )
    return ok("windows", f"{reason}.", **numbers)
