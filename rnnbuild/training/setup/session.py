"""A model, its optimizer and its step, ready to train on prepared data."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.inference.decoding.table import decoder_of
from rnnbuild.inference.outputs import Forward, outputs_of
from rnnbuild.models.carried_state import CarriedState, carried_state_of, carrying_layers
from rnnbuild.models.descent import Source, variables_of
from rnnbuild.models.device import device_of
from rnnbuild.models.forward import forward_of, forward_pass_of, fusing_pays
from rnnbuild.models.framework import tf
from rnnbuild.models.losses import loss_of
from rnnbuild.models.optimizer import optimizer_of
from rnnbuild.models.sources import sources_of
from rnnbuild.training.setup.environment import make_deterministic
from rnnbuild.training.setup.prepare import Prepared
from rnnbuild.training.setup.start import initial_model
from rnnbuild.training.steps.exchange import of_batches, of_one_batch
from rnnbuild.training.steps.gather import gather_of, signature_of
from rnnbuild.training.steps.step import TrainStep, apply_of, train_step_of

EVALUATION_BATCH = 256
XLA_MULTIPLE = 16
"""XLA compiles a program for each length, which takes seconds: rounding keeps them few."""


@dataclass(frozen=True, eq=False)
class Session:
    """What takes part in every step; weights and optimizer change as it trains.

    Between steps some weights are outside their variables. `model`, `optimizer` and `forward` put
    them back first, all of them: use them when they are needed, not at every step.
    """

    prepared: Prepared
    device: str
    train_step: TrainStep
    multiple: int
    """Lengths of training batches are rounded up to a multiple of this."""
    sources: list[Source]
    """Where the weights are between steps, if they are not in their variables."""
    carried: CarriedState
    """The state that each step leaves for the next."""
    _model: Any
    _optimizer: Any
    _forward: Forward

    @property
    def model(self) -> Any:
        """The Keras model after all steps so far."""
        self._settle()
        return self._model

    @property
    def optimizer(self) -> Any:
        """The Keras optimizer after all steps so far."""
        self._settle()
        return self._optimizer

    @property
    def forward(self) -> Forward:
        """The model's forward pass after all steps so far, without dropout."""
        self._settle()
        return self._forward

    @property
    def learning_rate(self) -> float:
        """The optimizer's learning rate for the next steps."""
        return float(self._optimizer.learning_rate.numpy())

    def set_learning_rate(self, rate: float) -> None:
        """Set the learning rate from the next step on."""
        self._optimizer.learning_rate.assign(rate)

    def begin_epoch(self) -> None:
        """The rows of the next step go on from none before."""
        for state in self.carried.values():
            state.reset()

    def _settle(self) -> None:
        for source in self.sources:
            source.settle()

    def outputs(
        self, encoded: Encoded, advance: Callable[[int], None] = lambda rows: None
    ) -> NDArray[Any]:
        """The model's outputs, reduced to what the decoder needs, in the order of the split's rows.

        `advance` is called with each batch's number of rows.
        """
        decoder = decoder_of(self.prepared.data.codec)
        rows = decoder.rows_at_once(EVALUATION_BATCH)
        with tf.device(self.device):
            return outputs_of(self.forward, encoded, rows, advance, decoder.reduce)


def session_of(prepared: Prepared) -> Session:
    """Build the model with its initial weights. Raises DeviceError if the device is missing."""
    resolved = prepared.resolved
    device = device_of(resolved.config)
    make_deterministic()
    with tf.device(device):
        model = initial_model(resolved, prepared.vectors, prepared.start)
        optimizer = optimizer_of(resolved.config.training)
        # Built now, so that its variables exist before a checkpoint is loaded into them.
        optimizer.build(model.trainable_variables)
        speed = resolved.config.training.speed
        fused = speed == "kernels" or (speed == "auto" and fusing_pays())
        accumulates = resolved.config.training.gradient_accumulation_steps > 1
        held = fused and not accumulates
        carried = carried_by(model, prepared)
        sources = sources_of(model, optimizer, carried) if held else variables_of(model, optimizer)
        forward = forward_pass_of(model, fused, carrying_layers(model, carried, fused))
        loss = loss_of(resolved, fused)
        step = train_step_of(
            gather_of(forward, sources, lambda: model.losses, loss, prepared.class_weights),
            of_batches(model.trainable_variables) if accumulates else of_one_batch(),
            apply_of(optimizer, sources),
            signature_of(model, loss),
            jit_compile=speed == "xla",
        )
    return Session(
        prepared,
        device,
        step,
        XLA_MULTIPLE if speed == "xla" else 1,
        sources,
        carried,
        model,
        optimizer,
        forward_of(model, fused),
    )


def carried_by(model: Any, prepared: Prepared) -> CarriedState:
    """The state of the model's layers, for as many rows as a step has, where the data carries one;
    none else."""
    train = prepared.data.train
    rows = min(prepared.resolved.config.training.batch_size, len(train))
    return carried_state_of(model, rows) if train.carries_state else {}
