"""Where the sequence ends in `model.layers`, and where a decoder begins another."""

from collections.abc import Sequence

from rnnbuild.config.schema.base import Section
from rnnbuild.config.schema.layers import RecurrentArguments, RepeatVectorLayer


def border_of(layers: Sequence[Section]) -> int | None:
    """The number of the layer between encoder and decoder; None where there is no decoder."""
    borders = (n for n, layer in enumerate(layers) if isinstance(layer, RepeatVectorLayer))
    return next(borders, None)


def recurrent_layers(layers: Sequence[Section]) -> list[int]:
    """The numbers of the recurrent layers."""
    return [n for n, layer in enumerate(layers) if isinstance(layer, RecurrentArguments)]


def ending_layer(layers: Sequence[Section], ends_in_last: bool) -> int | None:
    """The number of the recurrent layer that answers once, at its end; None where none does.

    An encoder's last does; without a decoder the last of all does where `ends_in_last`.
    """
    border = border_of(layers)
    recurrent = recurrent_layers(layers)
    if border is not None:
        recurrent = [number for number in recurrent if number < border]
    elif not ends_in_last:
        return None
    return recurrent[-1] if recurrent else None
