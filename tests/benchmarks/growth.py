"""How the cost of training grows with length, units, depth, batch size and rows.

Each quantity is varied alone; what is printed is the slope in log-log, 1 where the cost is
linear, 2 where it is square. `--plot FILE` draws the points as SVG (matplotlib).
"""

import argparse
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

BASE = {"length": 64, "units": 64, "depth": 1, "batch": 32, "rows": 512}
VARIED: Mapping[str, Sequence[int]] = {
    "length": (16, 32, 64, 128, 256),
    "units": (32, 64, 128, 256),
    "depth": (1, 2, 3, 4),
    "batch": (8, 16, 32, 64, 128),
    "rows": (256, 512, 1024, 2048),
}
Points = dict[str, list[tuple[int, float, float]]]
"""Of each quantity: its value, seconds of an epoch, MB of memory that a step needs."""


def main(plot: Path | None = None, rounds: int = 3) -> None:
    """Print every point and each slope."""
    points: Points = {}
    for quantity, values in VARIED.items():
        points[quantity] = [(value, *cost(BASE | {quantity: value}, rounds)) for value in values]
        sizes, seconds, megabytes = (
            np.array(column) for column in zip(*points[quantity], strict=True)
        )
        told = "  ".join(f"{value}: {second:.2f} s" for value, second, _ in points[quantity])
        print(
            f"  {quantity:<7} time slope {slope(sizes, seconds):4.2f}, "
            f"memory slope {slope(sizes, megabytes):4.2f}   {told}",
            flush=True,
        )
    if plot is not None:
        draw(points, plot)


def slope(sizes: np.ndarray, costs: np.ndarray) -> float:
    """Of the line through the logarithms, by least squares."""
    return float(np.polyfit(np.log(sizes), np.log(costs), 1)[0])


def cost(sizes: Mapping[str, int], rounds: int) -> tuple[float, float]:
    """Seconds of an epoch, the least of some, and MB of activations and weights a step holds."""
    from rnnbuild.analysis.cost import cost_of
    from rnnbuild.data.examples.batches import make_batch
    from rnnbuild.training.loop import epoch_plan
    from rnnbuild.training.setup.session import session_of
    from tests.benchmarks.contenders.ours import prepared
    from tests.benchmarks.contenders.protocol import Model, Piece

    rows, length = sizes["rows"], sizes["length"]
    draw_ids = np.random.default_rng(1)
    model = Model("lstm", False, sizes["units"], 64, 1000, 2, False, sizes["batch"])
    piece = Piece(
        model,
        draw_ids.integers(2, 1000, rows * length).astype(np.int32),
        np.arange(rows + 1, dtype=np.int64) * length,
        draw_ids.integers(0, 2, rows).astype(np.int32),
        length,
    )
    given = prepared(piece, depth=sizes["depth"])
    session, train = session_of(given), given.data.train
    taken = []
    for number in range(rounds + 1):
        started = time.perf_counter()
        for step in epoch_plan(train, given.resolved.config.training, number):
            session.train_step([make_batch(train, found) for found in step])
        taken.append(time.perf_counter() - started)
    return min(taken[1:]), cost_of(given.resolved).training_memory / 1e6


def draw(points: Points, path: Path) -> None:
    """One small plot a quantity, both axes logarithmic."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, len(points), figsize=(3 * len(points), 3), sharey=True)
    for axis, (quantity, found) in zip(axes, points.items(), strict=True):
        sizes, seconds, _ = (np.array(column) for column in zip(*found, strict=True))
        axis.loglog(sizes, seconds, "o-")
        axis.set_xlabel(f"{quantity} (slope {slope(sizes, seconds):.2f})")
        axis.set_xticks(sizes, [str(size) for size in sizes])
        axis.minorticks_off()
    axes[0].set_ylabel("seconds an epoch")
    figure.tight_layout()
    figure.savefig(path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plot", type=Path)
    main(parser.parse_args().plot)
