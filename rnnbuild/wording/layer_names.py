"""A layer's Keras class and direction, for tables."""

from rnnbuild.config.layer_classes import LAYER_CLASSES
from rnnbuild.config.schema.layers import RecurrentArguments
from rnnbuild.config.stack import LayerSpec


def kind_text(spec: LayerSpec) -> str:
    """`LSTM`, `Bidirectional(GRU)`, `Dense`."""
    name = LAYER_CLASSES[type(spec)].name
    both = isinstance(spec, RecurrentArguments) and spec.bidirectional
    return f"Bidirectional({name})" if both else name


def direction(spec: LayerSpec) -> str | None:
    """How a recurrent layer reads: `forward`, `backward` or `both`; None for all others."""
    if not isinstance(spec, RecurrentArguments):
        return None
    if spec.bidirectional:
        return "both"
    return "backward" if spec.go_backwards else "forward"
