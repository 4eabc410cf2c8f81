"""How fast models are on a machine."""

from collections.abc import Sequence
from typing import Any

from rnnbuild.formatting import percent
from rnnbuild.wording.table import Column, Table


def speeds_table(rows: Sequence[dict[str, Any]]) -> Table:
    """A row a model: what was timed in seconds, and its name."""
    columns = [
        Column("model", "model"),
        Column("train_seconds", "train ms", milliseconds, "right"),
        Column("forward_seconds", "forward ms", milliseconds, "right"),
        Column("latency_seconds", "one ms", milliseconds, "right"),
        Column("examples_per_second", "examples /s", lambda value: f"{value:,.0f}", "right"),
        Column("tokens_per_second", "tokens /s", lambda value: f"{value:,.0f}", "right"),
        Column("gigaflops", "GFLOP /s", lambda value: f"{value:,.1f}", "right"),
        Column("share_of_peak", "of peak", lambda value: percent(value, digits=0), "right"),
    ]
    padding = percent(max(row["padding"] for row in rows))
    notes = [
        "Milliseconds are of one batch, `one` of a single example; examples and tokens a second "
        "are of training. The peak is that of a large matrix product in the same minutes.",
        f"{padding} of the steps are padding, where it is most.",
    ]
    left = {name: why for row in rows for name, why in row["left_to_keras"].items()}
    notes += [
        f"`{name}` is left to Keras: the kernels do not know its `{why}`."
        for name, why in left.items()
    ]
    return Table(columns, rows, notes=notes)


def milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:,.2f}"
