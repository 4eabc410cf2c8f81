"""Each layer of the stack as the Keras class it becomes, with its arguments as plain values.

The builder constructs these objects and the code writer prints them, so both give the same model.
The config's keys are Keras' argument names, so almost every value passes through under its own.
No Keras is imported here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rnnbuild.config.layer_classes import LAYER_CLASSES
from rnnbuild.config.schema.base import Section
from rnnbuild.config.schema.layers import (
    RecurrentArguments,
    RecurrentLayer,
    StepDropoutLayer,
    TrainableArguments,
)
from rnnbuild.config.schema.model import EmbeddingConfig
from rnnbuild.config.stack import (
    AttentionPooling,
    LayerSpec,
    ResolvedConfig,
    StackLayer,
)

# Named after their class (`he_normal` is HeNormal) but for this one, which Keras keeps as an alias.
CLASS_ALIASES = {"uniform": "RandomUniform"}
FAMILIES = {
    "initializer": "initializers",
    "regularizer": "regularizers",
    "constraint": "constraints",
}

# Keys that pick the class, that are a layer of their own in the stack, or that follow the epochs.
NOT_ARGUMENTS: Mapping[type, frozenset[str]] = {
    RecurrentArguments: frozenset({"cell", "bidirectional", "merge_mode"}),
    EmbeddingConfig: frozenset({"dropout", "pretrained"}),
    TrainableArguments: frozenset({"thaw_after"}),
    Section: frozenset({"kind"}),
}
# What readers expect first; the other arguments follow in the order of the schema.
LEADING = ("input_dim", "output_dim", "units", "rate", "n", "activation")
REQUIRED = frozenset({"input_dim", "output_dim", "units", "rate", "n"})
"""Arguments of layers that Keras has no default for."""


@dataclass(frozen=True)
class KerasObject:
    """`keras.<path>(**arguments)`, or of this package where it is a layer of its own.

    Values are plain, or Keras objects themselves.
    """

    path: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """What Keras takes where an argument is omitted; no entry for one that it requires."""


# Arguments that no key of the config changes; initialisers are here for the seed they are given.
GLOROT_UNIFORM = KerasObject("initializers.GlorotUniform")
FIXED_ARGUMENTS: Mapping[type, Mapping[str, Any]] = {
    EmbeddingConfig: {"mask_zero": True},
    StepDropoutLayer: {"noise_shape": (None, None, 1)},
    AttentionPooling: {
        "kernel_initializer": GLOROT_UNIFORM,
        "context_initializer": GLOROT_UNIFORM,
    },
}


def model_objects(resolved: ResolvedConfig) -> tuple[KerasObject, ...]:
    """The input and every layer of the stack, in order."""
    return (input_object(resolved), *(layer_object(layer) for layer in resolved.stack))


def input_object(resolved: ResolvedConfig) -> KerasObject:
    """Ids of shape (batch, steps), or numbers of shape (batch, steps, columns); steps are free."""
    columns = resolved.input_columns
    arguments = (
        {"shape": (None,), "dtype": "int32", "name": "tokens"}
        if columns is None
        else {"shape": (None, columns), "dtype": "float32", "name": "series"}
    )
    return KerasObject("Input", arguments, {"shape": None, "dtype": "float32", "name": None})


def layer_object(layer: StackLayer) -> KerasObject:
    """The Keras layer that a layer of the stack becomes."""
    spec = layer.spec
    if isinstance(spec, RecurrentLayer):
        return recurrent_object(spec, layer)
    added = FIXED_ARGUMENTS.get(type(spec), {})
    return spec_object(
        spec, {**added, "name": layer.name}, {"mask_zero": False, "noise_shape": None, "name": None}
    )


def recurrent_object(spec: RecurrentLayer, layer: StackLayer) -> KerasObject:
    """The recurrent layer, inside a Bidirectional where it reads both ways.

    Left to itself, Bidirectional copies the forward layer, its seeds included, and both directions
    would start from the same weights and drop the same units. So the backward layer is its own.
    `trainable` is given to all three: Keras passes it on neither inwards nor outwards.
    """
    added = {"return_sequences": layer.return_sequences}
    defaults = {"return_sequences": False, "name": None}
    if not spec.bidirectional:
        return spec_object(spec, {**added, "name": layer.name}, defaults)
    name = layer.name.removeprefix("bidirectional_")
    # Bidirectional puts `forward_` before the name of the one, but takes the other as it is.
    forward = spec_object(spec, {**added, "name": name}, defaults)
    backward = spec_object(
        spec,
        {**added, "go_backwards": not spec.go_backwards, "name": f"backward_{name}"},
        defaults,
    )
    return KerasObject(
        "layers.Bidirectional",
        {
            "layer": forward,
            "merge_mode": spec.merge_mode,
            "backward_layer": backward,
            "trainable": spec.trainable,
            "name": layer.name,
        },
        {"merge_mode": "concat", "backward_layer": None, "trainable": True, "name": None},
    )


def spec_object(
    spec: LayerSpec, added: Mapping[str, Any], added_defaults: Mapping[str, Any]
) -> KerasObject:
    """A spec's own keys as arguments, then those that follow from its place in the stack."""
    fields = type(spec).model_fields if isinstance(spec, Section) else {}
    skipped = frozenset().union(
        *(keys for kind, keys in NOT_ARGUMENTS.items() if isinstance(spec, kind))
    )
    names = sorted(fields.keys() - skipped, key=lambda name: rank(name, list(fields)))
    return KerasObject(
        LAYER_CLASSES[type(spec)].path,
        {name: keras_value(name, getattr(spec, name)) for name in names} | dict(added),
        {name: keras_value(name, fields[name].default) for name in names if name not in REQUIRED}
        | dict(added_defaults),
    )


def rank(name: str, order: list[str]) -> int:
    """The order of arguments: LEADING first, the rest in their order."""
    return LEADING.index(name) if name in LEADING else len(LEADING) + order.index(name)


def keras_value(key: str, value: Any) -> Any:
    """A section such as `{name: l2, l2: 0.001}` as the Keras object it names."""
    if not isinstance(value, Section):
        return value
    fields = {name: info for name, info in type(value).model_fields.items() if name != "name"}
    return KerasObject(
        f"{FAMILIES[key.rsplit('_', 1)[-1]]}.{class_name(value.name)}",  # type: ignore[attr-defined]
        {name: getattr(value, name) for name in fields},
        {name: info.default for name, info in fields.items()},
    )


def class_name(name: str) -> str:
    """`he_normal` -> `HeNormal`, `l1l2` -> `L1L2`."""
    return CLASS_ALIASES.get(name, name.title().replace("_", ""))
