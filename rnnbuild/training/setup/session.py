"""A model, its optimizer and its step, ready to train on prepared data."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.inference.decoding.table import decoder_of
from rnnbuild.inference.outputs import Forward, outputs_of
from rnnbuild.models.carried_state import CarriedState, carried_state_of
from rnnbuild.models.descent import Source
from rnnbuild.models.device import device_of
from rnnbuild.models.forward import forward_of
from rnnbuild.models.framework import tf
from rnnbuild.training.setup.environment import make_deterministic
from rnnbuild.training.setup.phase import Phase, is_fused_run, phase_of, thaw_layers
from rnnbuild.training.setup.prepare import Prepared
from rnnbuild.training.setup.start import initial_model
from rnnbuild.training.steps.step import TrainStep

EVALUATION_BATCH = 256
XLA_MULTIPLE = 16
"""XLA compiles a program for each length, which takes seconds: rounding keeps them few."""


@dataclass(eq=False)
class Session:
    """What takes part in every step; weights and optimizer change as it trains.

    Between steps some weights are outside their variables. `model`, `optimizer` and `forward` put
    them back first, all of them: use them when they are needed, not at every step.
    """

    prepared: Prepared
    device: str
    multiple: int
    """Lengths of training batches are rounded up to a multiple of this."""
    carried: CarriedState
    """The state that each step leaves for the next."""
    _model: Any
    _phase: Phase
    """How the layers are trained that are not frozen now."""
    _forward: Forward

    @property
    def train_step(self) -> TrainStep:
        """Takes a step of training."""
        return self._phase.train_step

    @property
    def sources(self) -> list[Source]:
        """Where the weights are between steps, if they are not in their variables."""
        return self._phase.sources

    @property
    def model(self) -> Any:
        """The Keras model after all steps so far."""
        self._settle()
        return self._model

    @property
    def optimizer(self) -> Any:
        """The Keras optimizer after all steps so far."""
        self._settle()
        return self._phase.optimizer

    @property
    def forward(self) -> Forward:
        """The model's forward pass after all steps so far, without dropout."""
        self._settle()
        return self._forward

    @property
    def learning_rate(self) -> float:
        """The optimizer's learning rate for the next steps."""
        return float(self._phase.optimizer.learning_rate.numpy())

    def set_learning_rate(self, rate: float) -> None:
        """Set the learning rate from the next step on."""
        self._phase.optimizer.learning_rate.assign(rate)

    def begin_epoch(self) -> None:
        """The rows of the next step go on from none before."""
        for state in self.carried.values():
            state.reset()

    def thaw(self, epoch: int) -> list[str]:
        """Train the layers that are to be trained by an epoch, counted from 0, from the next step
        on, by a new optimizer; returns the names of those that were frozen until now."""
        # Puts the weights back: the sources of the phase that ends are not asked again.
        model = self.model
        names = thaw_layers(model, self.prepared, epoch)
        if names:
            rate = self.learning_rate
            with tf.device(self.device):
                self._phase = phase_of(model, self.prepared, self.carried)
            self.set_learning_rate(rate)
        return names

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
        carried = carried_by(model, prepared)
        phase = phase_of(model, prepared, carried)
    return Session(
        prepared,
        device,
        XLA_MULTIPLE if resolved.config.training.speed == "xla" else 1,
        carried,
        model,
        phase,
        forward_of(model, is_fused_run(prepared)),
    )


def carried_by(model: Any, prepared: Prepared) -> CarriedState:
    """The state of the model's layers, for as many rows as a step has, where the data carries one;
    none else."""
    train = prepared.data.train
    rows = min(prepared.resolved.config.training.batch_size, len(train))
    return carried_state_of(model, rows) if train.carries_state else {}
