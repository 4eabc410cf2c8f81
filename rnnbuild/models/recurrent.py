"""One description of a recurrent layer, whoever computes it: Keras, the kernels in training, or the
pass without TensorFlow.

It is read from the arguments that a Keras layer gives (`get_config`), as a saved model has them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from rnnbuild.analysis.requirements import unmet

if TYPE_CHECKING:
    from rnnbuild.models.kernels.held import HeldWeights
    from rnnbuild.models.kernels.passes import Passes, Wanted


class Cell(NamedTuple):
    """The gates of W and U, and how many arrays the state is: h, and an LSTM's c."""

    gates: int
    states: int


CELLS: Mapping[str, Cell] = {"SimpleRNN": Cell(1, 1), "GRU": Cell(3, 1), "LSTM": Cell(4, 2)}
BY_KERNELS: Mapping[str, Any] = {
    "activation": "tanh",
    "recurrent_activation": "sigmoid",
    "reset_after": True,
    "stateful": False,
    "return_state": False,
}
"""What the kernels compute: the arguments that a cell has must have these values."""
IN_TRAINING: Mapping[str, Any] = {"recurrent_dropout": 0.0, "activity_regularizer": None}
"""What they need besides, in training: without it, neither does anything.

Keras draws a mask of recurrent dropout for each gate of a GRU or LSTM, and one of its inputs with
it: a product with W and U for each gate instead of one for all.
"""
MERGES: Mapping[str, Callable[[Any, Any], Any]] = {
    "sum": lambda forward, backward: forward + backward,
    "ave": lambda forward, backward: (forward + backward) / 2,
    "mul": lambda forward, backward: forward * backward,
}
"""How the directions' outputs become one, but for `concat`, which the kernels give."""


@dataclass(frozen=True, eq=False)
class Direction:
    """One of the layers in a recurrent layer: its class in Keras, and its arguments there."""

    kind: str
    arguments: Mapping[str, Any]

    @property
    def units(self) -> int:
        return int(self.arguments["units"])

    @property
    def columns(self) -> int:
        """Columns of W and U."""
        return CELLS[self.kind].gates * self.units

    @property
    def bias_shape(self) -> tuple[int, ...]:
        """A GRU with `reset_after` has a bias beside W and one beside U."""
        return (2, self.columns) if self.arguments.get("reset_after") else (self.columns,)

    @property
    def state_shape(self) -> tuple[int, int]:
        """The number of arrays in one row's state, and their length."""
        return CELLS[self.kind].states, self.units


@dataclass(frozen=True, eq=False)
class RecurrentLayer:
    """The one or two directions of a recurrent layer, forward first, all of one kind."""

    directions: tuple[Direction, ...]
    merge_mode: str | None = "concat"

    @property
    def return_sequences(self) -> bool:
        return bool(self.directions[0].arguments["return_sequences"])

    @property
    def features(self) -> int:
        """Features of its output."""
        merged = self.merge_mode in MERGES
        return self.directions[0].units if merged else sum(one.units for one in self.directions)

    def passes(
        self,
        carries_state: bool = False,
        held: Sequence["HeldWeights"] = (),
        wanted: "Wanted | None" = None,
    ) -> "Passes":
        """The kernels of its directions; of weights that are given with each batch, or `held`. They
        give the gradients that are `wanted`, by default all."""
        # Numba is loaded where kernels compute, not where a layer is described.
        from rnnbuild.models.kernels.cells import KERNELS
        from rnnbuild.models.kernels.passes import ALL_WANTED, Passes

        return Passes(
            KERNELS[self.directions[0].kind],
            tuple(bool(one.arguments["go_backwards"]) for one in self.directions),
            self.directions[0].units,
            self.return_sequences,
            carries_state,
            held,
            wanted or ALL_WANTED,
        )

    def merged(self, outputs: Any, split: Callable[..., Any]) -> Any:
        """The outputs, (B, T, features) or (B, features), from those of the directions side by
        side, as the kernels give them. `split` is `np.split` or `tf.split`."""
        if not self.return_sequences:
            outputs = outputs[:, 0]
        if self.merge_mode is None or self.merge_mode not in MERGES:
            return outputs
        return MERGES[self.merge_mode](*split(outputs, 2, axis=-1))


def recurrent_layer_of(kind: str, arguments: Mapping[str, Any]) -> RecurrentLayer | None:
    """The description of a layer of this class and these arguments; None for any but a SimpleRNN,
    GRU or LSTM, or two of one of them in a Bidirectional."""
    if kind in CELLS:
        return RecurrentLayer((Direction(kind, arguments),))
    if kind != "Bidirectional":
        return None
    both = (arguments["layer"], arguments["backward_layer"])
    forward, backward = (Direction(one["class_name"], one["config"]) for one in both)
    if forward.kind not in CELLS or forward.kind != backward.kind:
        return None
    return RecurrentLayer((forward, backward), arguments["merge_mode"])


def why_not_in_kernels(layer: RecurrentLayer, training: bool = True) -> str | None:
    """The argument of a layer that the kernels do not know, or do not in training; None where they
    compute the layer."""
    required = {**BY_KERNELS, **IN_TRAINING} if training else BY_KERNELS
    for direction in layer.directions:
        if keys := unmet(required, direction.arguments):
            return keys[0]
    return why_not_alike(layer)


def why_not_alike(layer: RecurrentLayer) -> str | None:
    """The argument by which two directions cannot be one layer; None where they can."""
    alike = ("units", "return_sequences")
    first, last = layer.directions[0].arguments, layer.directions[-1].arguments
    if any(first[name] != last[name] for name in alike):
        return "backward_layer"
    if len(layer.directions) == 2 and layer.merge_mode not in {"concat", *MERGES}:
        return "merge_mode"
    return None
