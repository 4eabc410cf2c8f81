"""The table of `bench`: how fast models train and predict."""

from collections.abc import Sequence
from typing import Any

from rnnbuild.formatting import measured_text, percent
from rnnbuild.wording.table import Column, Table


def speeds_table(rows: Sequence[dict[str, Any]]) -> Table:
    """A table with a row for each model; times in `rows` are in seconds."""
    columns = [
        Column("model", "model"),
        Column("train_seconds", "train ms", milliseconds, "right"),
        Column("forward_seconds", "forward ms", milliseconds, "right"),
        Column("latency_seconds", "one ms", milliseconds, "right"),
        Column("examples_per_second", "examples /s", measured_text, "right"),
        Column("tokens_per_second", "tokens /s", measured_text, "right"),
        Column("gigaflops", "GFLOP /s", measured_text, "right"),
        Column("share_of_peak", "of peak", lambda value: percent(value, digits=0), "right"),
    ]
    padding = percent(max(row["padding"] for row in rows))
    notes = [
        "Milliseconds are per batch (`one ms`: for a single example); examples and tokens per "
        "second are for training. The peak is that of a large matrix product, timed alongside.",
        f"At most {padding} of the steps are padding.",
    ]
    reasons = {name: why for row in rows for name, why in row["left_to_keras"].items()}
    notes += [
        f"`{name}` runs in Keras: the kernels do not support its `{why}`."
        for name, why in reasons.items()
    ]
    return Table(columns, rows, notes=notes)


def milliseconds(seconds: float) -> str:
    return measured_text(1000 * seconds)
