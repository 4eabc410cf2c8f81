"""What a step takes gradients with respect to: where training keeps a model's weights."""

from types import MappingProxyType
from typing import Any

from rnnbuild.models.carried_state import CarriedState
from rnnbuild.models.descent import Source, Variable, in_one_pass
from rnnbuild.models.fused import wanted_gradients
from rnnbuild.models.held_layer import HeldLayer, can_be_held
from rnnbuild.models.large_embedding import LargeEmbedding, is_large


def sources_of(
    model: Any, optimizer: Any, carried: CarriedState = MappingProxyType({})
) -> list[Source]:
    """The sources of a model that the kernels train, together all its trainable weights, in its
    order.

    Weights stay outside their variables where that pays, and Adam alone moves them. Recurrent
    layers whose state is `carried` have theirs.
    """
    sources: list[Source] = []
    wanted = wanted_gradients(model.layers)
    slot = 0
    for layer in model.layers:
        variables = layer.trainable_variables
        if in_one_pass(optimizer) and is_large(layer):
            sources.append(LargeEmbedding(layer, optimizer))
        elif in_one_pass(optimizer) and can_be_held(layer):
            state = carried.get(layer.name)
            sources.append(HeldLayer(layer, optimizer, slot, state, wanted[layer.name]))
        else:
            sources += [Variable(one, optimizer, slot + at) for at, one in enumerate(variables)]
        slot += len(variables)
    return sources
