"""Which weights of a trained model another one starts from: layer by layer, by place and kind.

Layers without weights do not count as places. The last layer is the head, whatever is before it.
Rows of the embedding, columns of numbers and outputs of the head are matched by what they belong
to, never by their number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.kind.codec import ModelNames, Name
from rnnbuild.data.text.vocabulary import UNKNOWN_NAME
from rnnbuild.formatting import plural
from rnnbuild.models.recurrent import recurrent_layer_of
from rnnbuild.models.stored import StoredLayer
from rnnbuild.runs.start_file import HowStarted, LayerStart

Arrays = dict[str, NDArray[Any]]
COMPARED = (
    "output_dim",
    "units",
    "activation",
    "recurrent_activation",
    "use_bias",
    "reset_after",
    "go_backwards",
    "scale",
    "center",
)
"""Arguments without which weights would have another shape, or mean something else."""
INPUT_KERNELS = ("vars/0", "cell/vars/0", "forward_layer/cell/vars/0", "backward_layer/cell/vars/0")
"""Where weights are whose rows belong to the numbers of a step, of Dense and recurrent layers."""


@dataclass(frozen=True, eq=False)
class NamedModel:
    """The layers of a model, and what the numbers at both of its ends belong to."""

    layers: Sequence[StoredLayer]
    names: ModelNames
    token: str = "word"
    """What an id stands for."""

    @property
    def weighted(self) -> list[StoredLayer]:
        """The layers with weights; the last is the head."""
        return [layer for layer in self.layers if layer.weights]


Started = tuple[Arrays, LayerStart]


def take_over(
    source: NamedModel, fresh: NamedModel, own_rows: NDArray[np.bool_] | None = None
) -> tuple[list[NDArray[Any]], list[LayerStart]]:
    """The weights of a `fresh` model once it starts from another, in the order of Keras'
    `model.weights`; and what each of its layers with weights starts from.

    `own_rows` (ids,) are rows of the embedding that stay as they are, unless the source has them.
    """
    source = with_names_of(fresh, source) if matched_by_place(source, fresh) else source
    *before, head_before = source.weighted
    *body, head = fresh.weighted
    started: list[Started] = []
    for place, layer in enumerate(body):
        there = before[place] if place < len(before) else None
        if there is None or (why := difference(there, layer)):
            reason = why if there else "the run has no layer here"
            started.append(as_new(layer, reason))
        elif layer.kind == "Embedding":
            started.append(embedding_start(there, layer, source, fresh, own_rows))
        elif place == 0 and source.names.inputs != fresh.names.inputs:
            started.append(columns_start(there, layer, source.names.inputs, fresh.names.inputs))
        else:
            started.append(as_it_is(there, layer))
    started.append(head_start(head_before, head, source.names.outputs, fresh.names.outputs))
    return [array for arrays, _ in started for array in arrays.values()], [s for _, s in started]


def matched_by_place(source: NamedModel, fresh: NamedModel) -> bool:
    """Whether the numbers of one of the models have no names, and the other has as many."""
    one, other = source.names, fresh.names
    return (
        (one.by_place or other.by_place)
        and source.token == fresh.token
        and len(one.inputs) == len(other.inputs)
        and len(one.outputs) == len(other.outputs)
    )


def with_names_of(named: NamedModel, model: NamedModel) -> NamedModel:
    return replace(model, names=named.names)


def difference(before: StoredLayer, layer: StoredLayer) -> str:
    """Why a layer cannot start from the one `before`, by kind and arguments; empty if it can."""
    if kind_text(before) != kind_text(layer):
        return f"{kind_text(layer)}, in the run {kind_text(before)}"
    for there, here in zip(arguments_of(before), arguments_of(layer), strict=True):
        for key in COMPARED:
            if there.get(key) != here.get(key):
                return f"{text_of(key, here.get(key))}, in the run {text_of(key, there.get(key))}"
    return ""


def kind_text(layer: StoredLayer) -> str:
    """`GRU`, or `bidirectional GRU`."""
    recurrent = recurrent_layer_of(layer.kind, layer.config)
    if recurrent is None:
        return layer.kind
    both = len(recurrent.directions) == 2
    return f"{'bidirectional ' if both else ''}{recurrent.directions[0].kind}"


def arguments_of(layer: StoredLayer) -> list[Mapping[str, Any]]:
    """The arguments of a layer, or of each of its directions."""
    recurrent = recurrent_layer_of(layer.kind, layer.config)
    return [layer.config] if recurrent is None else [d.arguments for d in recurrent.directions]


def text_of(key: str, value: Any) -> str:
    """An argument as it is read: `64 units`, `activation: relu`."""
    if key == "units":
        return plural(value, "unit")
    return f"`{key}: {str(value).lower() if isinstance(value, bool) else value}`"


def size_of(arrays: Mapping[str, NDArray[Any]]) -> int:
    return sum(array.size for array in arrays.values())


def as_new(layer: StoredLayer, reason: str) -> Started:
    """A layer that starts from its own weights."""
    return dict(layer.weights), LayerStart(layer.name, "new", reason, size_of(layer.weights), 0)


def as_it_is(before: StoredLayer, layer: StoredLayer) -> Started:
    """A layer that starts from all weights of the one `before`, if they are of the same shapes."""
    for path, weight in layer.weights.items():
        there = before.weights[path].shape
        if there != weight.shape:
            return as_new(layer, f"it follows {weight.shape[0]} features, in the run {there[0]}")
    weights = size_of(layer.weights)
    taken = {path: before.weights[path] for path in layer.weights}
    return taken, LayerStart(layer.name, "taken over", "", weights, weights)


def places_of(names: Sequence[Name], source: Sequence[Name]) -> NDArray[np.int64]:
    """The place of each name in the source; -1 where it has none."""
    known = {name: place for place, name in enumerate(source)}
    return np.fromiter((known.get(name, -1) for name in names), np.int64, len(names))


def embedding_start(
    before: StoredLayer,
    layer: StoredLayer,
    source: NamedModel,
    fresh: NamedModel,
    own_rows: NDArray[np.bool_] | None,
) -> Started:
    """The rows of known words; new words start from that of the unknown word."""
    rows, table = before.weights["vars/0"], layer.weights["vars/0"].copy()
    places = places_of(fresh.names.inputs, source.names.inputs)
    known = np.flatnonzero(places >= 0)
    own = np.zeros(len(places), bool) if own_rows is None else own_rows
    new = np.flatnonzero((places < 0) & ~own)
    table[known] = rows[places[known]]
    table[new] = rows[source.names.inputs.index(UNKNOWN_NAME)]
    kept, given = words_among(known, fresh), int((own & (places < 0)).sum())
    said = [f"{plural(kept, fresh.token)} of the run's"]
    if len(new):
        said.append(f"{plural(len(new), 'new one')} from its unknown one")
    if given:
        said.append(f"{plural(given, 'new one')} from pretrained vectors")
    start: HowStarted = "grown" if len(known) < len(places) else "taken over"
    taken = len(known) * table.shape[1]
    return {"vars/0": table}, LayerStart(layer.name, start, ", ".join(said), table.size, taken)


def words_among(places: NDArray[np.int64], model: NamedModel) -> int:
    """How many ids are those of words, padding and the unknown word apart."""
    return sum(model.names.inputs[place][0] == "word" for place in places.tolist())


def columns_start(
    before: StoredLayer, layer: StoredLayer, source: Sequence[Name], names: Sequence[Name]
) -> Started:
    """The rows of W of columns that both models read."""
    places = places_of(names, source)
    known = np.flatnonzero(places >= 0)
    kernels = [path for path in layer.weights if path in INPUT_KERNELS]
    by_row = layer.kind == "Dense" or recurrent_layer_of(layer.kind, layer.config) is not None
    if not len(known) or not by_row:
        return as_new(layer, "it reads other columns than in the run")
    arrays = {path: before.weights[path].copy() for path in layer.weights}
    taken = size_of(arrays)
    for path in kernels:
        arrays[path] = layer.weights[path].copy()
        arrays[path][known] = before.weights[path][places[known]]
        taken += (len(known) - len(before.weights[path])) * arrays[path].shape[1]
    reason = f"{len(known)} of {plural(len(names), 'number')} of a step are the run's"
    start: HowStarted = "grown" if len(known) < len(names) else "taken over"
    return arrays, LayerStart(layer.name, start, reason, size_of(arrays), taken)


def head_start(
    before: StoredLayer, head: StoredLayer, source: Sequence[Name], names: Sequence[Name]
) -> Started:
    """The outputs that both models have; a next word that is new starts as the unknown one."""
    if before.kind != head.kind or before.config["use_bias"] != head.config["use_bias"]:
        return as_new(head, difference(before, head) or "another kind of head")
    follows = [len(layer.weights["vars/0"]) for layer in (before, head)]
    if follows[0] != follows[1]:
        return as_new(head, f"it follows {follows[1]} features, in the run {follows[0]}")
    places = places_of(names, source)
    known = np.flatnonzero(places >= 0)
    if not len(known):
        return as_new(head, "its answers are others than the run's")
    if tuple(source) == tuple(names) and same_shapes(before, head):
        return as_it_is(before, head)
    unknown = places_of([("next", *UNKNOWN_NAME)], source)[0]
    one_before, one_here = chooses_between_two(before, source), chooses_between_two(head, names)
    arrays = {}
    for path, fresh in head.weights.items():
        array, there = by_output(fresh, one_here), by_output(before.weights[path], one_before)
        array[..., known] = there[..., places[known]]
        if unknown >= 0:
            array[..., places < 0] = there[..., [unknown]]
        arrays[path] = array[..., 1:] - array[..., :1] if one_here else array
    new = len(names) - len(known)
    said = [f"{plural(len(known), 'output')} of the run's"]
    if new:
        said.append(f"{new:,} new" + (" from its unknown one" if unknown >= 0 else ""))
    weights = size_of(arrays)
    start: HowStarted = "grown" if new else "taken over"
    taken = weights * len(known) // len(names)
    return arrays, LayerStart(head.name, start, ", ".join(said), weights, taken)


def same_shapes(before: StoredLayer, layer: StoredLayer) -> bool:
    return all(before.weights[path].shape == each.shape for path, each in layer.weights.items())


def chooses_between_two(head: StoredLayer, names: Sequence[Name]) -> bool:
    """Whether one output is the probability of the second of two labels."""
    return len(names) == 2 and head.config["units"] == 1


def by_output(weight: NDArray[Any], chooses_between_two: bool) -> NDArray[Any]:
    """A weight of the head with a column for each of its answers.

    The one output z between two labels is two: softmax(-z/2, z/2) = (1 - σ(z), σ(z)).
    """
    half = weight / np.float32(2)
    return np.concatenate([-half, half], axis=-1) if chooses_between_two else weight.copy()
