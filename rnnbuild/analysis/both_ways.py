"""What reading both ways costs, and which layers must wait for the end of a sequence."""

from dataclasses import dataclass, replace

from rnnbuild.analysis.cost import ModelCost, cost_of
from rnnbuild.config.schema.layers import RecurrentArguments
from rnnbuild.config.stack import LayerSpec, ResolvedConfig


@dataclass(frozen=True)
class Doubling:
    """A model against the same one with layers that read one way only."""

    layers: int
    """Parameters of the layers that read both ways."""
    layers_one_way: int
    rest: int
    """Parameters of all other layers."""
    rest_one_way: int

    @property
    def total(self) -> int:
        return self.layers + self.rest

    @property
    def total_one_way(self) -> int:
        return self.layers_one_way + self.rest_one_way


def reads_both_ways(spec: LayerSpec) -> bool:
    return isinstance(spec, RecurrentArguments) and spec.bidirectional


def waits_for_the_end(spec: LayerSpec) -> bool:
    """Whether a layer's first answer needs the last step of its input."""
    return isinstance(spec, RecurrentArguments) and (spec.bidirectional or spec.go_backwards)


def doubling_of(resolved: ResolvedConfig, position: int) -> Doubling:
    """What one layer of the stack costs for reading both ways, with what follows it."""
    both, one = cost_of(resolved), _cost_one_way(resolved, position)
    return Doubling(
        layers=both.layers[position].parameters,
        layers_one_way=one.layers[position].parameters,
        rest=both.parameters - both.layers[position].parameters,
        rest_one_way=one.parameters - one.layers[position].parameters,
    )


def _cost_one_way(resolved: ResolvedConfig, position: int) -> ModelCost:
    layer = resolved.stack[position]
    assert isinstance(layer.spec, RecurrentArguments)
    one_way = replace(layer, spec=layer.spec.model_copy(update={"bidirectional": False}))
    stack = (*resolved.stack[:position], one_way, *resolved.stack[position + 1 :])
    return cost_of(replace(resolved, stack=stack))
