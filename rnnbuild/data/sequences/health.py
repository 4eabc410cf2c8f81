"""The health of sequences of numbers that a bundled dataset generates, such as `adding`."""

from collections.abc import Iterator, Mapping

import numpy as np

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.health.columns import Values, constant_columns, drift
from rnnbuild.data.health.repeats import duplicates, leakage
from rnnbuild.data.health.rows import rows
from rnnbuild.data.kind.finding import Finding


def sequences_health(
    inputs: Mapping[SplitName, Values], targets: Mapping[SplitName, Values], data: DataConfig
) -> Iterator[Finding]:
    """Every question; `inputs` (rows, steps, columns) and `targets` (rows, outputs) by split."""
    yield rows({name: len(each) for name, each in inputs.items()}, data, "sequences")
    hashes = {
        name: np.fromiter((hash(row.tobytes()) for row in each), np.int64, len(each))
        for name, each in inputs.items()
    }
    yield duplicates(hashes, "sequences")
    yield leakage(hashes, "sequences")
    outputs = [f"output {number}" for number in range(1, targets["train"].shape[1] + 1)]
    yield constant_columns(targets["train"], outputs, outputs)
    yield drift(targets, outputs, remedy="Generate more rows: raise `data.size`.")
