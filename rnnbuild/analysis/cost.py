"""What each layer of a model costs, and the model as a whole.

Where the number of steps is unknown, so is what depends on it: None, in shapes and in sums.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from math import inf, prod
from typing import Any

from rnnbuild.analysis.layers import COSTS, Made, Shape
from rnnbuild.analysis.memory import FLOAT, scalar_bytes_of, slots_of
from rnnbuild.config.freezing import frozen_epochs
from rnnbuild.config.schema.layers import RecurrentArguments
from rnnbuild.config.stack import LayerSpec, ResolvedConfig, StackLayer


@dataclass(frozen=True, slots=True)
class LayerCost:
    """One layer's cost; shapes are of one example, multiply-adds and activations for one."""

    name: str
    spec: LayerSpec
    input_shape: tuple[int | None, ...]
    output_shape: tuple[int | None, ...]
    trainable: int
    """Parameters that training changes, from its first epoch on."""
    non_trainable: int
    """Those that it does not, or not before the layer is thawed."""
    multiply_adds: int | None
    """In the matrix products of one forward pass: a (1, n) row times an (n, m) matrix is n·m.
    The sum over the MatMul nodes of the same model with its loops unrolled and a batch of one.
    Looking up an embedding, element-wise arithmetic and averages are none."""
    optimizer_state: int
    """Bytes of the optimizer's slots for this layer; see `rnnbuild.analysis.memory`."""
    activations: int | None
    """Bytes saved for the backward pass; see `rnnbuild.analysis.memory`."""

    @property
    def parameters(self) -> int:
        return self.trainable + self.non_trainable

    @property
    def weights(self) -> int:
        """Bytes of the parameters."""
        return FLOAT * self.parameters

    @property
    def input_width(self) -> int:
        """Numbers in each step that it reads, or in the one vector."""
        return _known(self.input_shape[-1])

    @property
    def output_width(self) -> int:
        return _known(self.output_shape[-1])

    @property
    def output_steps(self) -> int | None:
        """Steps that it answers at; None where it answers once, or their number is unknown."""
        return self.output_shape[0] if len(self.output_shape) > 1 else None

    @property
    def recurrent(self) -> bool:
        return isinstance(self.spec, RecurrentArguments)

    def training_memory(self, batch_size: int) -> int | None:
        """Bytes of weights, optimizer slots and a batch's activations."""
        if self.activations is None:
            return None
        return self.weights + self.optimizer_state + batch_size * self.activations


@dataclass(frozen=True, slots=True)
class ModelCost:
    """The layers' costs and, as the sums over them, the model's."""

    layers: tuple[LayerCost, ...]
    optimizer_scalars: int
    """Bytes of what the optimizer keeps once, whatever the layers."""
    batch_size: int

    @property
    def trainable(self) -> int:
        return sum(layer.trainable for layer in self.layers)

    @property
    def non_trainable(self) -> int:
        return sum(layer.non_trainable for layer in self.layers)

    @property
    def parameters(self) -> int:
        return sum(layer.parameters for layer in self.layers)

    @property
    def recurrent_parameters(self) -> int:
        return sum(layer.parameters for layer in self.layers if layer.recurrent)

    @property
    def multiply_adds(self) -> int | None:
        return _total(layer.multiply_adds for layer in self.layers)

    @property
    def weights(self) -> int:
        return FLOAT * self.parameters

    @property
    def optimizer_state(self) -> int:
        return self.optimizer_scalars + sum(layer.optimizer_state for layer in self.layers)

    @property
    def activations(self) -> int | None:
        return _total(layer.activations for layer in self.layers)

    @property
    def training_memory(self) -> int | None:
        """Bytes of weights, optimizer state and the activations of one batch."""
        if self.activations is None:
            return None
        return self.weights + self.optimizer_state + self.batch_size * self.activations


def cost_of(resolved: ResolvedConfig, stack: Sequence[StackLayer] | None = None) -> ModelCost:
    """What the model of a resolved config costs; or, on the same input, another `stack`."""
    stack = resolved.stack if stack is None else stack
    training = resolved.config.training
    layers = (
        _layer_costs(resolved, stack, resolved.input_length)
        if resolved.input_length is not None
        # Every figure is a·T + b for T steps, so what depends on T differs between one and two.
        else tuple(map(_alike, *(_layer_costs(resolved, stack, steps) for steps in (1, 2))))
    )
    return ModelCost(layers, scalar_bytes_of(training.optimizer), training.batch_size)


def _layer_costs(
    resolved: ResolvedConfig, stack: Sequence[StackLayer], steps: int
) -> tuple[LayerCost, ...]:
    slot_bytes = FLOAT * slots_of(resolved.config.training.optimizer)
    shapes, made = _walk(input_shape(resolved, steps), stack)
    epochs = [frozen_epochs(layer.spec) for layer in stack]
    return tuple(
        LayerCost(
            name=layer.name,
            spec=layer.spec,
            input_shape=shape,
            output_shape=made_here.output_shape,
            trainable=made_here.trainable if not frozen else 0,
            non_trainable=made_here.non_trainable + (made_here.trainable if frozen else 0),
            multiply_adds=made_here.multiply_adds,
            optimizer_state=slot_bytes * made_here.trainable if frozen < inf else 0,
            activations=held,
        )
        for layer, shape, made_here, frozen, held in zip(
            stack, shapes, made, epochs, _held(made, epochs), strict=True
        )
    )


def _alike(one: LayerCost, two: LayerCost) -> LayerCost:
    """A layer's cost where both agree, and None for what they disagree about."""

    def common(own: Any, other: Any) -> Any:
        if isinstance(own, tuple):
            return tuple(map(common, own, other))
        return own if own == other else None

    names = [field.name for field in fields(LayerCost)]
    return LayerCost(*(common(getattr(one, name), getattr(two, name)) for name in names))


def _total(figures: Iterable[int | None]) -> int | None:
    """Their sum; None where one is unknown."""
    known = list(figures)
    return None if None in known else sum(figure for figure in known if figure is not None)


def _known(size: int | None) -> int:
    assert size is not None, "only the number of steps is ever unknown"
    return size


def input_shape(resolved: ResolvedConfig, steps: int) -> Shape:
    """The shape of one example: (steps,) ids, or (steps, columns) numbers."""
    return (steps,) if resolved.input_columns is None else (steps, resolved.input_columns)


def parameters_of(resolved: ResolvedConfig, stack: Sequence[StackLayer] | None = None) -> int:
    """The parameters of the model, or of another stack on the same input, without all else that it
    costs."""
    # No weight depends on the number of steps.
    _, made = _walk(input_shape(resolved, 1), resolved.stack if stack is None else stack)
    return sum(layer.trainable + layer.non_trainable for layer in made)


def multiply_adds_of(resolved: ResolvedConfig) -> int:
    """Multiply-adds of one forward pass. Raises ConfigError where the steps are unknown."""
    _, made = _walk(input_shape(resolved, resolved.steps), resolved.stack)
    return sum(layer.multiply_adds for layer in made)


def _walk(shape: Shape, stack: Sequence[StackLayer]) -> tuple[list[Shape], list[Made]]:
    """Each layer's input shape, and what it makes of it."""
    shapes, made = [], []
    for layer in stack:
        shapes.append(shape)
        made.append(COSTS[type(layer.spec)](layer, shape))
        shape = made[-1].output_shape
    return shapes, made


def _held(made: list[Made], epochs: list[float]) -> list[int]:
    """Bytes each layer saves: its output among them only if a derivative reads it.

    `epochs` are those for which each layer is frozen. Once all have been thawed that ever are,
    gradients flow down to the lowest layer that is trained, and nothing below has derivatives.
    """
    trained = [
        layer.trainable > 0 and frozen < inf for layer, frozen in zip(made, epochs, strict=True)
    ]
    lowest = trained.index(True) if True in trained else len(made)
    held = []
    read_above = False
    for number in reversed(range(len(made))):
        layer, derived = made[number], number >= lowest
        if derived:
            read = layer.output_read or read_above
            held.append(layer.held + (FLOAT * layer.new_values if read else 0))
        else:
            # Of a recurrent layer only the output, and of an output that is the input nothing anew.
            new = read_above and layer.input_read is not None
            held.append(FLOAT * prod(layer.output_shape) if new else 0)
        if layer.input_read is not None:
            read_above = derived and layer.input_read
    return held[::-1]
