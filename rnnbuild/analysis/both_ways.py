"""What reading both ways costs, and which layers must wait for the end of a sequence."""

from dataclasses import dataclass, replace

from rnnbuild.analysis.cost import LayerCost, ModelCost, cost_of
from rnnbuild.config.schema.layers import RecurrentArguments, RepeatVectorLayer
from rnnbuild.config.stack import LayerSpec, ResolvedConfig


@dataclass(frozen=True)
class Doubling:
    """Parameters of a model, and of the same one with a layer that reads one way only."""

    layer: int
    layer_one_way: int
    following: int
    """Parameters of the layers after it."""
    following_one_way: int
    total: int
    total_one_way: int


def reads_both_ways(spec: LayerSpec) -> bool:
    """Whether it is a bidirectional recurrent layer."""
    return isinstance(spec, RecurrentArguments) and spec.bidirectional


def waits_for_the_end(spec: LayerSpec) -> bool:
    """Whether a layer's first answer needs the last step of its input."""
    if isinstance(spec, RecurrentArguments):
        return spec.bidirectional or spec.go_backwards
    return isinstance(spec, RepeatVectorLayer)


def doubling_of(resolved: ResolvedConfig, position: int) -> Doubling:
    """What one layer of the stack costs for reading both ways, with what follows it."""
    both, one = cost_of(resolved), _cost_one_way(resolved, position)
    return Doubling(
        layer=both.layers[position].parameters,
        layer_one_way=one.layers[position].parameters,
        following=sum(layer.parameters for layer in both.layers[position + 1 :]),
        following_one_way=sum(layer.parameters for layer in one.layers[position + 1 :]),
        total=both.parameters,
        total_one_way=one.parameters,
    )


def _cost_one_way(resolved: ResolvedConfig, position: int) -> ModelCost:
    layer = resolved.stack[position]
    assert isinstance(layer.spec, RecurrentArguments)
    one_way = replace(layer, spec=layer.spec.model_copy(update={"bidirectional": False}))
    stack = (*resolved.stack[:position], one_way, *resolved.stack[position + 1 :])
    return cost_of(resolved, stack)


def notes_on_doubling(doubling: Doubling, layer: LayerCost) -> tuple[str, ...]:
    """What a Bidirectional consists of, in sentences with this model's figures."""
    spec = layer.spec
    assert isinstance(spec, RecurrentArguments)
    ends = len(layer.output_shape) == 1
    output = (
        "Its output is the forward layer's state after the last step and the other's after the "
        "first: each has then read everything."
        if ends
        else "At every step its output is the state of the one, which has read up to there, and of "
        "the other, which has read from the end back to there."
    )
    if spec.merge_mode == "concat":
        width = (
            f"`merge_mode: concat` puts both side by side, {2 * spec.units} numbers instead of "
            f"{spec.units}, so what follows has {doubling.following:,} parameters instead of "
            f"{doubling.following_one_way:,}."
        )
    else:
        width = (
            f"`merge_mode: {spec.merge_mode}` makes {spec.units} numbers of both, so what follows "
            "stays as it is."
        )
    return (
        f"Bidirectional: twice the layer, one reading forward and one from the end, each with "
        f"weights of its own: {doubling.layer:,} parameters instead of {doubling.layer_one_way:,}. "
        f"{output}",
        f"{width} The model as a whole has {doubling.total:,} instead of "
        f"{doubling.total_one_way:,}, {doubling.total / doubling.total_one_way:.2f} times as many.",
        "It needs the whole sequence before its first answer, so it cannot answer a live stream.",
    )
