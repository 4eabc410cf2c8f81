"""Few rows on several threads: their units are shared, and no bit depends on it."""

from typing import Any

import numpy as np
import pytest

from rnnbuild.models.kernels import passes, shards
from rnnbuild.models.kernels.cells import KERNELS
from rnnbuild.models.kernels.passes import Passes, tasks_of

# Units of several panels, some of them not whole; rows fewer than a tile.
SIZES = [(200, 3, 7, 5), (130, 1, 9, 16), (70, 5, 20, 9)]


def arguments(name: str, sizes: tuple[int, int, int, int], directions: int) -> list[Any]:
    """Places, lengths, inputs and weights of a layer, as `Passes` takes them."""
    units, rows, steps, width = sizes
    columns = KERNELS[name].gates * units
    draw = np.random.default_rng(0)
    shapes = [(width, columns), (units, columns), (2, columns) if name == "GRU" else (columns,)]
    return [
        np.arange(rows * steps, dtype=np.int32).reshape(rows, steps),
        draw.integers(1, steps + 1, rows).astype(np.int32),
        draw.normal(size=(rows * steps, width)).astype(np.float32),
        *(
            (0.2 * draw.normal(size=shape)).astype(np.float32)
            for _ in range(directions)
            for shape in shapes
        ),
    ]


@pytest.mark.parametrize("directions", [1, 2])
@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("name", KERNELS)
def test_shared_units_have_the_same_bits_as_units_on_one_thread(
    name: str,
    sizes: tuple[int, int, int, int],
    directions: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    units, rows, steps, _ = sizes
    monkeypatch.setattr(passes, "PRODUCTS_OF_STEP", 1)
    monkeypatch.setattr(shards, "SMALLEST_TASK", 1)
    given = arguments(name, sizes, directions)
    by_outputs = np.random.default_rng(1).normal(size=(rows, steps, units * directions))
    found, sharers = [], []
    for processors in (1, 2, 3, 6):
        monkeypatch.setattr(shards, "processors", lambda count=processors: count)
        shards._pool.cache_clear()
        both = Passes(KERNELS[name], (False, True)[:directions], units, return_sequences=True)
        sharers.append(max(task.part.sharers for task in tasks_of(both._directions(given))))
        outputs, number = both.forward(*given)
        gradients = both.backward(number, by_outputs.astype(np.float32), *given)
        found.append([outputs, *gradients, *both.outputs(*given)])
    shards._pool.cache_clear()
    assert sharers[0] == 1 and sharers[-1] > 1
    for other in found[1:]:
        for one, got in zip(found[0], other, strict=True):
            np.testing.assert_array_equal(got, one)
