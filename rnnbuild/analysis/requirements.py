"""What fast code for a recurrent layer asks of the layer's arguments: cuDNN's, or our kernels'."""

from collections.abc import Mapping
from typing import Any


def unmet(required: Mapping[str, Any], arguments: Mapping[str, Any]) -> tuple[str, ...]:
    """The arguments that have another value than the one required; one that a layer does not have
    is no hindrance."""
    return tuple(name for name, value in required.items() if arguments.get(name, value) != value)
