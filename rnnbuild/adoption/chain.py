"""The layers of a saved model in the order in which they compute, if they are a chain."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rnnbuild.errors import Problem

MOST_LAYERS = 500
LONGEST_NAME = 60
PLAIN_MODULES = ("keras.layers", "keras.src.layers")
MASK = "NotEqual"
"""The operation that Keras adds beside a chain: the mask of an Embedding with `mask_zero`."""
FLOAT32 = "save the model in float32: keras.config.set_dtype_policy('float32') before it is built"
ONE_CHAIN = "only a chain of layers can be adopted, each of which reads the one before it"


@dataclass(frozen=True, eq=False)
class ForeignLayer:
    """A layer as its file describes it; nothing of it is checked but the types of these fields.

    custom:   what it is registered as, where it is not one of Keras' layers
    by_keras: whether Keras has the class all the same: a model, or an operation
    position: its place in the chain, from 0
    """

    kind: str
    name: str
    arguments: Mapping[str, Any]
    custom: str | None = None
    position: int = 0
    by_keras: bool = False

    def __str__(self) -> str:
        return f"layer `{self.name}` ({self.kind})"

    def problem(self, what: str, hint: str | None = None) -> Problem:
        return Problem(f"{self} {what}", hint=hint)


class NoChain(ValueError):  # noqa: N818 (it is what the file has, not what went wrong)
    """Raised for a description whose layers are not a chain; carries the problem."""

    def __init__(self, what: str, hint: str | None = None):
        super().__init__(what)
        self.problem = Problem(what, hint=hint)


def layers_in_order(model: Any) -> list[ForeignLayer]:
    """The layers of a described Sequential, or of a Functional model that is a chain.

    Raises NoChain for anything else.
    """
    kind = model.get("class_name") if isinstance(model, dict) else None
    config = model.get("config") if isinstance(model, dict) else None
    described = config.get("layers") if isinstance(config, dict) else None
    if (
        kind not in ("Sequential", "Functional")
        or not isinstance(config, dict)
        or not isinstance(described, list)
    ):
        shown = f"a `{short(kind)}`" if isinstance(kind, str) else "no model"
        raise NoChain(
            f"the file contains {shown}, not a Sequential or a Functional model of Keras 3",
            "a subclass of Model is code: build the same layers as a `keras.Sequential`, and "
            "`set_weights` of the one from the other",
        )
    if not 0 < len(described) <= MOST_LAYERS:
        raise NoChain(f"the model has {len(described):,} layers; at most {MOST_LAYERS} are read")
    chain = described if kind == "Sequential" else chain_of(described, config)
    return [layer_of(each, position) for position, each in enumerate(chain)]


def layer_of(described: Any, position: int = 0) -> ForeignLayer:
    """One layer. Raises NoChain where it is not described as Keras does."""
    if not isinstance(described, dict) or not isinstance(described.get("class_name"), str):
        raise NoChain("the file describes a layer that has no class")
    kind, arguments = described["class_name"], described.get("config")
    if not isinstance(arguments, dict):
        raise NoChain(f"the file describes a layer of class `{short(kind)}` without arguments")
    if not kind.rpartition(">")[2].isidentifier():
        raise NoChain(f"the file describes a layer of class `{short(kind)}`, which is no name")
    name = arguments.get("name", described.get("name", kind))
    registered, module = described.get("registered_name"), described.get("module")
    plain = module in PLAIN_MODULES and registered in (None, kind)
    custom = None if plain else short(registered if isinstance(registered, str) else kind)
    by_keras = f"{module}.".startswith("keras.") and registered in (None, kind)
    kind = short(kind.rpartition(">")[2])
    return ForeignLayer(kind, short(name), arguments, custom, position, by_keras)


def with_wrapped(layer: ForeignLayer) -> Iterator[ForeignLayer]:
    """A layer, and those that a TimeDistributed or a Bidirectional wraps."""
    yield layer
    for key in ("layer", "backward_layer"):
        inner = layer.arguments.get(key)
        arguments = inner.get("config") if isinstance(inner, dict) else None
        if isinstance(inner, dict) and isinstance(arguments, dict):
            name = short(f"{layer.name}/{arguments.get('name', key)}")
            yield ForeignLayer(short(inner.get("class_name")), name, arguments)


def chain_of(described: list[Any], config: Mapping[str, Any]) -> list[Any]:
    """The layers between the one input and the one output of a Functional model, in order."""
    by_name = {
        each["name"]: each
        for each in described
        if isinstance(each, dict) and isinstance(each.get("name"), str)
    }
    first, last = end_of(config, "input_layers"), end_of(config, "output_layers")
    chain: list[Any] = []
    name = last
    while True:
        if name not in by_name or len(chain) > len(described):
            raise NoChain(f"the file does not describe the layer `{short(name)}` that it names")
        chain.insert(0, by_name[name])
        if name == first:
            break
        name = the_one_before(by_name[name])
    on_it = {id(each) for each in chain}
    for each in described:
        if id(each) not in on_it and not is_mask(each):
            raise NoChain(
                f"{layer_of(each)} is not between the model's input and output", ONE_CHAIN
            )
    return chain


def end_of(config: Mapping[str, Any], key: str) -> Any:
    """The name of the model's one input or output: `["name", 0, 0]`, or a list of one of these."""
    ends = config.get(key)
    if isinstance(ends, list) and len(ends) == 1:
        ends = ends[0]
    if not isinstance(ends, list) or len(ends) != 3 or not isinstance(ends[0], str):
        what = "inputs" if key == "input_layers" else "outputs"
        raise NoChain(f"the model does not have one of {what}, but several or none", ONE_CHAIN)
    return ends[0]


def the_one_before(described: Mapping[str, Any]) -> str:
    """The layer that is read. Raises NoChain where there are several, or is called otherwise than
    in a chain."""
    layer, nodes = layer_of(described), described.get("inbound_nodes")
    if not isinstance(nodes, list) or len(nodes) != 1 or not isinstance(nodes[0], dict):
        raise NoChain(f"{layer} is called several times, or never", ONE_CHAIN)
    given, options = nodes[0].get("args"), nodes[0].get("kwargs")
    if not isinstance(given, list) or not isinstance(options, dict):
        raise NoChain(f"{layer} is called in a way that cannot be read", ONE_CHAIN)
    sources = list(tensors_in(given))
    others = {key for key, value in options.items() if key != "mask" and any(tensors_in(value))}
    if len(sources) != 1 or others:
        what = f"is given `{short(min(others))}`" if others else f"reads {len(sources)} layers"
        raise NoChain(f"{layer} {what}", ONE_CHAIN)
    if options.get("training"):
        raise NoChain(
            f"{layer} is called with `training=True`, so that its answers are random",
            "build the model without it, and `set_weights` of the one from the other",
        )
    return sources[0]


def tensors_in(value: Any) -> Iterator[str]:
    """The names of the layers whose outputs are in a call's arguments."""
    if isinstance(value, dict) and value.get("class_name") == "__keras_tensor__":
        config = value.get("config")
        history = config.get("keras_history") if isinstance(config, dict) else None
        yield str(history[0]) if isinstance(history, list) and history else ""
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from tensors_in(item)


def is_mask(described: Any) -> bool:
    """Whether it is `ids != 0`, which Keras adds for an Embedding with `mask_zero`."""
    if not isinstance(described, dict) or described.get("class_name") != MASK:
        return False
    try:
        compared = described["inbound_nodes"][0]["args"][1]
    except (KeyError, IndexError, TypeError):
        return False
    return compared == 0 and not isinstance(compared, bool)


def short(value: Any) -> str:
    """A name from the file, as much of it as fits into a message."""
    text = readable(str(value))
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 3] + "..."


def readable(text: str) -> str:
    """The text without halves of characters, which JSON can say and no file of UTF-8 has."""
    return text.encode(errors="replace").decode()
