"""What is said of one layer: its equations, and its counts as arithmetic written out."""

from dataclasses import dataclass

from rnnbuild.analysis.equations import Equation


@dataclass(frozen=True)
class Explanation:
    """What one layer computes, and how its parameters and multiply-adds are counted.

    The arithmetic, `4·(64·(64+64)+64)`, gives the very counts of `rnnbuild.analysis.layers`.
    """

    equations: tuple[Equation, ...]
    symbols: tuple[tuple[str, str], ...] = ()
    """The symbols of the equations, with their sizes."""
    parameters: str = "0"
    """Arithmetic of the count, trained or not."""
    multiply_adds: str = "0"
    notes: tuple[str, ...] = ()


def product(*parts: int | str) -> str:
    """`2·4·(...)`; factors of one are omitted."""
    return "·".join(str(part) for part in parts if str(part) != "1") or "1"
