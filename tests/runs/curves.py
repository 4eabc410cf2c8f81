"""Histories of runs with made curves."""

import numpy as np

from rnnbuild.metrics.loss_parts import PARTS
from rnnbuild.runs.history import HistoryLine

HARD = np.linspace(-0.15, 0.15, PARTS)
"""How much harder than the mean each part of the validation rows is, in any epoch."""
TREMBLE = 0.001 * np.where(np.arange(PARTS) % 2, 1.0, -1.0)


def history_of(
    validation: list[float], train: list[float] | None = None, rows: bool = True
) -> list[HistoryLine]:
    """A history whose training loss falls, unless given; with the losses of parts of the rows."""
    falling = [1.0 - 0.9 * epoch / len(validation) for epoch in range(len(validation))]
    pairs = enumerate(zip(train or falling, validation, strict=True), 1)
    return [
        HistoryLine(
            epoch=epoch,
            steps=epoch,
            train={"loss": left},
            validation={"loss": right},
            # Parts change nearly alike: every part trembles a little, each epoch otherwise.
            validation_parts=tuple(right + HARD + epoch * TREMBLE) if rows else None,
        )
        for epoch, (left, right) in pairs
    ]


U_SHAPED = [1.0, 0.7, 0.6, 0.65, 0.72, 0.8, 0.9]
BUMP = [1.0, 0.7, 0.6, 0.9, 0.6, 0.595, 0.597, 0.596]
NOISY = [0.90, 0.40, 0.26, 0.2418, 0.2431, 0.2440, 0.2425, 0.2452, 0.2429, 0.2447, 0.2418, 0.2503]
DIVERGING = [1.0, 0.6, 0.9, 1.5, 3.0]
SPIKE = [0.697, 0.710, 3.759, 1.986, 2.317, 1.744, 2.598, 2.117, 1.800, 1.803, 1.826, 1.837]
SPIKE += [1.844, 1.851, 1.857, 1.861, 1.864, 1.865, 1.866, 1.866]
"""Of a GRU on 300 sentences: it shot up and came back half the way."""
