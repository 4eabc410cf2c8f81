"""A model, its optimizer and its step, ready to train on prepared data."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from rnnbuild.data.encoded import Encoded
from rnnbuild.inference.answers import reduction_of
from rnnbuild.inference.outputs import Forward, forward_of, outputs_of
from rnnbuild.models.build import build_model
from rnnbuild.models.device import device_of
from rnnbuild.models.framework import tf
from rnnbuild.models.losses import loss_of
from rnnbuild.models.optimizer import optimizer_of
from rnnbuild.training.environment import make_deterministic
from rnnbuild.training.prepare import Prepared
from rnnbuild.training.step import TrainStep, train_step_of

EVALUATION_BATCH = 256


@dataclass(frozen=True, eq=False)
class Session:
    prepared: Prepared
    device: str
    model: Any
    optimizer: Any
    train_step: TrainStep
    forward: Forward

    def outputs(self, encoded: Encoded) -> NDArray[Any]:
        """What the task's answers need of the model's outputs, in the order of a split's rows."""
        reduce = reduction_of(self.prepared.data.codec)
        with tf.device(self.device):
            return outputs_of(self.forward, encoded, EVALUATION_BATCH, reduce=reduce)


def session_of(prepared: Prepared) -> Session:
    """Builds the model with its initial weights. Raises DeviceError where the device is missing."""
    resolved = prepared.resolved
    device = device_of(resolved.config)
    make_deterministic()
    with tf.device(device):
        model = build_model(resolved)
        optimizer = optimizer_of(resolved.config.training)
        # Built now, so that its variables exist before a checkpoint is restored into them.
        optimizer.build(model.trainable_variables)
    return Session(
        prepared,
        device,
        model,
        optimizer,
        train_step_of(model, optimizer, loss_of(resolved)),
        forward_of(model),
    )
