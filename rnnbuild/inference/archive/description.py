"""What the description of a model may contain: the classes, names and values that Keras writes of a
model that rnnbuild builds. No other name reaches Keras, which looks some of them up as code.
"""

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any, get_args

from rnnbuild.config.layer_classes import LAYER_CLASSES
from rnnbuild.config.schema.choices import Activation, Constraint, Initializer, Regularizer
from rnnbuild.inference.archive.members import CONFIG, UnsafeArchive
from rnnbuild.models.arguments import class_name
from rnnbuild.models.own_layers import MODULE, OWN_CLASSES, PACKAGE, own_class
from rnnbuild.tasks.facts import LONGEST_TARGET

DEEPEST = 12
"""Levels of lists and objects inside each other: a model has nine."""
LONGEST_NAME = 200
MOST_REPEATS = LONGEST_TARGET + 1
"""Steps of a RepeatVector: no weight shows how many there are."""


def _classes_of(choice: Any) -> frozenset[str]:
    """The Keras classes of one of the schema's unions of named things."""
    sections = get_args(get_args(choice)[0])
    names = (get_args(section.model_fields["name"].annotation) for section in sections)
    return frozenset(class_name(name) for group in names for name in group)


Classes = Mapping[tuple[str, str], str | None]
LAYERS: Classes = {
    ("keras.layers", "InputLayer"): None,
    ("keras.layers", "Bidirectional"): None,
    **{
        ("keras.layers", layer.name): None
        for layer in LAYER_CLASSES.values()
        if not own_class(layer.path)
    },
    **{(MODULE, name): f"{PACKAGE}>{name}" for name in OWN_CLASSES},
}
"""Module and class of each layer, and the name that it is registered under."""
BY_ENDING: Mapping[str, Classes] = {
    "initializer": {("keras.initializers", name): None for name in _classes_of(Initializer)},
    "regularizer": {("keras.regularizers", name): None for name in _classes_of(Regularizer)},
    "constraint": {("keras.constraints", name): None for name in _classes_of(Constraint)},
}
"""Classes of the arguments whose name ends like this."""

ACTIVATIONS = frozenset(get_args(Activation))
NAMES: Mapping[str, frozenset[str]] = {
    "activation": ACTIVATIONS,
    "recurrent_activation": ACTIVATIONS,
    "data_format": frozenset({"channels_last"}),
    "dtype": frozenset({"float32", "int32"}),
    "distribution": frozenset({"truncated_normal", "untruncated_normal", "uniform"}),
    "merge_mode": frozenset({"concat", "sum", "mul", "ave"}),
    "mode": frozenset({"fan_in", "fan_out", "fan_avg", "rows", "columns"}),
}
"""The names that an argument may have."""
FIXED: Mapping[str, tuple[Any, ...]] = {
    **dict.fromkeys(
        ("input_axes", "output_axes", "quantization_config", "renorm_clipping"), (None,)
    ),
    **dict.fromkeys(("keepdims", "optional", "ragged", "renorm", "return_state"), (False,)),
    **dict.fromkeys(("rms_scaling", "sparse", "stateful", "synchronized", "unroll"), (False,)),
    "axis": (-1, [-1], 0, 1),
    "noise_shape": (None, [None, None, 1]),
}
"""The values that an argument may have, where no config changes it."""
NUMBERS = frozenset(
    """
    center dropout epsilon factor gain go_backwards input_dim l1 l2 mask_zero max_value maxval
    mean min_value minval momentum n output_dim rate recurrent_dropout renorm_momentum
    reset_after return_sequences scale seed stddev trainable unit_forget_bias units use_bias value
    zero_output_for_mask
    """.split()  # noqa: SIM905 (a list of them is a page long)
)
"""Arguments that are numbers, yes or no, or nothing."""
PARTS = frozenset(
    {"module", "class_name", "config", "registered_name", "shared_object_id"}
    | {"build_config", "compile_config"}
)
"""Parts of the description of an object."""
SHAPES = frozenset({"batch_shape", "build_input_shape", "input_shape"})


def layers_described(content: bytes) -> list[dict[str, Any]]:
    """The description of each layer, the input first.

    Raises UnsafeArchive for whatever Keras does not write of a model of rnnbuild.
    """
    model = parsed(content)
    if not isinstance(model, dict) or model.get("class_name") != "Sequential":
        raise UnsafeArchive("is not a Sequential model")
    _inspect_object(model, {("keras", "Sequential"): None})
    if model.get("compile_config"):
        raise UnsafeArchive("contains a loss or an optimizer")
    layers = model["config"].get("layers")
    if not isinstance(layers, list) or not layers:
        raise UnsafeArchive("has no layers")
    return layers


def parsed(content: bytes) -> Any:
    """The description of a model as plain values. Raises UnsafeArchive where it is not JSON, or
    nested too deeply."""
    try:
        model = json.loads(content)
    except (ValueError, RecursionError):
        raise UnsafeArchive(f"has a {CONFIG} that cannot be read") from None
    _inspect_depth(model)
    return model


def _inspect_depth(value: Any, depth: int = 0) -> None:
    if depth > DEEPEST:
        raise UnsafeArchive(f"has a {CONFIG} that is nested too deeply")
    if isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            _inspect_depth(item, depth + 1)


def _inspect_object(described: Any, classes: Classes) -> None:
    """Raises UnsafeArchive unless it is an object of one of these classes, all of it known."""
    if not isinstance(described, dict):
        raise UnsafeArchive(f"contains {_shown(described)} in place of a layer or its argument")
    module, name = str(described.get("module")), str(described.get("class_name"))
    registered, own = described.get("registered_name"), classes.get((module, name))
    # Some versions of Keras write the class again as the registered name.
    if (module, name) not in classes or registered not in ((own,) if own else (None, name)):
        whole = name if described.get("module") is None else f"{module}.{name}"
        raise UnsafeArchive(f"contains `{registered or whole}`, which no model of rnnbuild has")
    if strange := described.keys() - PARTS:
        raise UnsafeArchive(f"contains {_shown(sorted(strange)[0])} beside `{name}`")
    if not isinstance(described.get("config"), dict):
        raise UnsafeArchive(f"has no arguments for `{name}`")
    inspect_arguments(described["config"])
    inspect_arguments(described.get("build_config") or {})


def inspect_arguments(arguments: Any) -> None:
    """Raises UnsafeArchive unless each argument has a value that a model of rnnbuild may have."""
    if not isinstance(arguments, dict):
        raise UnsafeArchive(f"contains {_shown(arguments)} in place of arguments")
    for key, value in arguments.items():
        if not _is_known(key, value):
            raise UnsafeArchive(f"contains `{key}` {_shown(value)}, which no model of rnnbuild has")


def _is_known(key: str, value: Any) -> bool:
    """Whether it is a value that the argument may have. Raises UnsafeArchive for objects in it."""
    if key in FIXED:
        return any(value == one and type(value) is type(one) for one in FIXED[key])
    ending = key.rpartition("_")[2]
    if value is not None and (isinstance(value, (dict, list)) or ending in BY_ENDING):
        return _is_known_object(key, ending, value)
    if isinstance(value, str):
        return _is_name(value) if key == "name" else value in NAMES.get(key, ())
    if key == "n":
        return isinstance(value, int) and 0 < value <= MOST_REPEATS
    known = key in NUMBERS or (
        value is None and (ending in BY_ENDING or key in NAMES or key in SHAPES)
    )
    return known and (value is None or math.isfinite(value))


def _is_known_object(key: str, ending: str, value: Any) -> bool:
    if key in SHAPES:
        return isinstance(value, list) and len(value) <= 3 and all(map(_is_size, value))
    if key == "layers":
        return _are_objects(value, LAYERS)
    if key in ("layer", "backward_layer"):
        return _are_objects([value], LAYERS)
    if key == "dtype":
        _inspect_object(value, {("keras", "DTypePolicy"): None})
        return bool(value["config"] == {"name": "float32"})
    return ending in BY_ENDING and _are_objects([value], BY_ENDING[ending])


def _are_objects(values: Iterable[Any], classes: Classes) -> bool:
    for value in values:
        _inspect_object(value, classes)
    return True


def _is_size(value: Any) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and value > 0)


def _is_name(value: str) -> bool:
    return len(value) <= LONGEST_NAME and value.isprintable() and "/" not in value


def _shown(value: Any) -> str:
    text = json.dumps(value)
    return f"`{text if len(text) <= 40 else text[:37] + '...'}`"
