"""Which layers of a model are rnnbuild's own, and what plain Keras needs to load it.

No Keras is imported here.
"""

from rnnbuild.config.layer_classes import LAYER_CLASSES
from rnnbuild.config.stack import ResolvedConfig

MODULE = "rnnbuild.models.pooling"
"""Holds them; importing it registers them with Keras."""
PACKAGE = "rnnbuild"
"""What they are registered under."""


def own_class(path: str) -> str | None:
    """`AttentionPooling` of `pooling.AttentionPooling`; None of a class of Keras'."""
    module, _, name = path.rpartition(".")
    return name if module == MODULE.rpartition(".")[2] else None


OWN_CLASSES = frozenset(
    name for name in (own_class(layer.path) for layer in LAYER_CLASSES.values()) if name
)


def notes_on_loading(resolved: ResolvedConfig) -> tuple[str, ...]:
    """What to do before plain Keras can load the model; nothing where it can as it is."""
    return tuple(
        f"`{layer.name}` is a layer of rnnbuild's own: plain Keras loads this model only after "
        f"`import {MODULE}`."
        for layer in resolved.stack
        if own_class(LAYER_CLASSES[type(layer.spec)].path)
    )
