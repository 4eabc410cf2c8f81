"""Recurrent layers through the kernels, with the embedding before them where there is one."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.models.answering import products_of_words
from rnnbuild.models.numpy_pass.flow import Flow, Stage
from rnnbuild.models.recurrent import RecurrentLayer, recurrent_layer_of, why_not_in_kernels
from rnnbuild.models.stored import Floats, StoredLayer, UnknownLayer, cells_of, vectors_of

LARGEST_TABLE = 1 << 24
"""Numbers, 64 MB: up to this size the products of all words with W are computed only once."""


def recurrent_stage(layer: StoredLayer, width: int, words: StoredLayer | None = None) -> Stage:
    """The layer behind `words`, an embedding, or behind `width` features.

    Raises UnknownLayer where the kernels do not know an argument.
    """
    described = described_as(layer)
    cells = cells_of(layer, described, width)
    weights = [array for cell in cells for array in cell]
    # What is multiplied by W already comes with a W that has no rows.
    multiplied = [array for cell in cells for array in (cell.kernel[:0], *cell[1:])]
    looked_up = table_of(words, [cell.kernel for cell in cells]) if words else None

    passes = described.passes()

    def run(flow: Flow) -> Flow:
        values, lengths = flow
        rows, steps = values.shape[:2]
        if looked_up is not None:
            lengths = lengths_of(values)
            places, products = looked_up(values)
            (outputs,) = passes.outputs(places, lengths, *products, *multiplied)
        else:
            places = np.arange(rows * steps, dtype=np.int32).reshape(rows, steps)
            inputs = np.ascontiguousarray(values.reshape(rows * steps, -1))
            (outputs,) = passes.outputs(places, lengths, inputs, *weights)
        return Flow(described.merged(outputs, np.split), lengths)

    return Stage(run, described.features)


def described_as(layer: StoredLayer) -> RecurrentLayer:
    """The layer's description. Raises UnknownLayer where the kernels do not compute it."""
    described = recurrent_layer_of(layer.kind, layer.config)
    if described is None:
        raise UnknownLayer(layer, "is of an unknown class")
    if (why := why_not_in_kernels(described, training=False)) is not None:
        raise UnknownLayer(layer, f"has another `{why}` than kernels compute", why)
    return described


def lengths_of(words: NDArray[np.int32]) -> NDArray[np.int32]:
    """The ids of each row that are no padding; an empty text is one unknown word."""
    counts: NDArray[np.int32] = (words != 0).sum(axis=1, dtype=np.int32)
    return np.maximum(counts, 1)


def table_of(
    words: StoredLayer, kernels: Sequence[Floats]
) -> Callable[[NDArray[np.int32]], tuple[NDArray[np.int32], list[Any]]]:
    """From ids to places and products, as `products_of_words` has them: of all words, multiplied
    once, where that is not too large; else of each batch's."""
    vectors = vectors_of(words)
    if len(vectors) * sum(kernel.shape[1] for kernel in kernels) <= LARGEST_TABLE:
        table = [vectors @ kernel for kernel in kernels]
        return lambda ids: (np.ascontiguousarray(ids), table)

    def distinct(ids: Any) -> tuple[Any, Any]:
        chosen, places = np.unique(ids, return_inverse=True)
        return chosen, places.reshape(ids.shape).astype(np.int32)

    return lambda ids: products_of_words(ids, distinct, vectors.__getitem__, kernels)
