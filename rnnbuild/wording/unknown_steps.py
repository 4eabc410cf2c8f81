"""What tables say where the number of steps is unknown."""

from collections.abc import Callable

from rnnbuild.formatting import UNKNOWN_STEPS

NEEDS_STEPS = f"needs {UNKNOWN_STEPS}"
"""In place of a figure that depends on the number of steps."""

NOTE = (
    f"{UNKNOWN_STEPS} is the number of steps of an example, which neither data nor config says: "
    "parameters do not depend on it, multiply-adds and memory do. "
    "`--set model.input_length=50` gives them for 50 steps."
)


def or_needs_steps(text: Callable[[int], str]) -> Callable[[int | None], str]:
    """The text of a figure, or that it needs the number of steps."""
    return lambda figure: NEEDS_STEPS if figure is None else text(figure)
