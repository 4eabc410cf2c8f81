"""Recurrent layers through the kernels, with the embedding before them where there is one."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnbuild.models.kernels.cells import KERNELS
from rnnbuild.models.kernels.passes import Passes
from rnnbuild.models.plain.stored import Floats, Flow, Step, StoredLayer, UnknownLayer, checked

RECURRENT = frozenset({"Bidirectional", *KERNELS})
COLUMNS = {"SimpleRNN": 1, "GRU": 3, "LSTM": 4}
"""Of W and U, in units."""
LARGEST_TABLE = 1 << 24
"""Numbers. What W makes of all words is held up to so many: 64 MB."""


class Direction(NamedTuple):
    """One of the layers in a recurrent layer, with W, U and b of its cell."""

    kind: str
    config: Mapping[str, Any]
    weights: tuple[Floats, Floats, Floats]

    @property
    def units(self) -> int:
        return int(self.weights[1].shape[0])


def recurrent(layer: StoredLayer, width: int, words: StoredLayer | None = None) -> Step:
    """The layer behind `words`, an embedding, or behind what has so many features."""
    directions = directions_of(checked(layer), width)
    first = directions[0]
    merged, width = merging(layer, directions)
    passes = Passes(
        KERNELS[first.kind],
        tuple(bool(one.config["go_backwards"]) for one in directions),
        first.config["return_sequences"],
    )
    weights = [array for one in directions for array in one.weights]
    # What is multiplied by W already comes with a W that has no rows.
    multiplied = [array for one in directions for array in (one.weights[0][:0], *one.weights[1:])]
    looked_up = table_of(words, directions) if words else None

    def step(flow: Flow) -> Flow:
        values, lengths = flow
        rows, steps = values.shape[:2]
        if looked_up is not None:
            lengths = lengths_of(values)
            outputs = passes.outputs(*looked_up(values, lengths), *multiplied)
        else:
            places = np.arange(rows * steps, dtype=np.int32).reshape(rows, steps)
            inputs = np.ascontiguousarray(values.reshape(rows * steps, -1))
            outputs = passes.outputs(places, lengths, inputs, *weights)
        values = merged(outputs)
        return Flow(values if passes.return_sequences else values[:, 0], lengths)

    return Step(step, width)


def directions_of(layer: StoredLayer, width: int) -> list[Direction]:
    """The layer itself, or both in a Bidirectional, forward first.

    Raises UnknownLayer where the kernels do not know an argument.
    """
    if layer.kind != "Bidirectional":
        return [direction_of(layer.kind, layer.config, layer, "", width)]
    both = [
        direction_of(described["class_name"], described["config"], layer, folder, width)
        for described, folder in (
            (layer.config["layer"], "forward_layer/"),
            (layer.config["backward_layer"], "backward_layer/"),
        )
    ]
    if both[0].kind != both[1].kind or any(
        both[0].config[name] != both[1].config[name] for name in ("units", "return_sequences")
    ):
        raise UnknownLayer("Bidirectional of unlike layers")
    return both


def direction_of(
    kind: str, config: Mapping[str, Any], layer: StoredLayer, folder: str, width: int
) -> Direction:
    known = kind in KERNELS and config["activation"] == "tanh" and not config["stateful"]
    if known and kind != "SimpleRNN":
        known = config["recurrent_activation"] == "sigmoid" and config.get("reset_after", True)
    if not known or config.get("return_state"):
        raise UnknownLayer(kind)
    checked(StoredLayer(kind, config, {}))
    units, columns = config["units"], COLUMNS[kind] * config["units"]
    shape = (2, columns) if kind == "GRU" else (columns,)
    cell = f"{folder}cell/vars"
    weights = (
        layer.weight(f"{cell}/0", width, columns),
        layer.weight(f"{cell}/1", units, columns),
        layer.weight(f"{cell}/2", *shape) if config["use_bias"] else np.zeros(shape, np.float32),
    )
    return Direction(kind, config, weights)


def merging(
    layer: StoredLayer, directions: Sequence[Direction]
) -> tuple[Callable[[Floats], Floats], int]:
    """What makes one of the directions' states side by side, and how many features that has."""
    units = directions[0].units
    if len(directions) == 1:
        return (lambda states: states), units
    match layer.config["merge_mode"]:
        case "concat":
            return (lambda states: states), 2 * units
        case "sum":
            return (lambda states: states[..., :units] + states[..., units:]), units
        case "ave":
            return (lambda states: (states[..., :units] + states[..., units:]) / 2), units
        case "mul":
            return (lambda states: states[..., :units] * states[..., units:]), units
        case other:
            raise UnknownLayer(f"Bidirectional with {other}")


def vectors_of(embedding: StoredLayer) -> Floats:
    """The rows of an embedding that masks 0."""
    if not checked(embedding).config["mask_zero"]:
        raise UnknownLayer("Embedding without a mask")
    size = embedding.config["input_dim"], embedding.config["output_dim"]
    return embedding.weight("vars/0", *size)


def lengths_of(words: NDArray[np.int32]) -> NDArray[np.int32]:
    """The ids of each row that are no padding; an empty text is one unknown word."""
    counts: NDArray[np.int32] = (words != 0).sum(axis=1, dtype=np.int32)
    return np.maximum(counts, 1)


def table_of(words: StoredLayer, directions: Sequence[Direction]) -> Callable[..., list[Any]]:
    """From ids and lengths to what `Passes` takes of them: places, lengths and x·W by place."""
    vectors = vectors_of(words)
    kernels = [one.weights[0] for one in directions]
    if len(vectors) * sum(kernel.shape[1] for kernel in kernels) <= LARGEST_TABLE:
        tables = [vectors @ kernel for kernel in kernels]
        return lambda ids, lengths: [np.ascontiguousarray(ids), lengths, *tables]

    def looked_up(ids: NDArray[np.int32], lengths: NDArray[np.int32]) -> list[Any]:
        distinct, places = np.unique(ids, return_inverse=True)
        chosen = vectors[distinct]
        products = [chosen @ kernel for kernel in kernels]
        return [places.reshape(ids.shape).astype(np.int32), lengths, *products]

    return looked_up
