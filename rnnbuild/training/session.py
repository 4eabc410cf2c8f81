"""A model, its optimizer and its step, ready to train on prepared data."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.inference.decoding.table import decoder_of
from rnnbuild.inference.outputs import Forward, outputs_of
from rnnbuild.models.device import device_of
from rnnbuild.models.forward import forward_of, forward_pass_of, fusing_pays
from rnnbuild.models.framework import tf
from rnnbuild.models.large_embedding import LargeEmbedding, large_embedding_of
from rnnbuild.models.losses import loss_of
from rnnbuild.models.optimizer import optimizer_of
from rnnbuild.training.class_weight import class_weights_of
from rnnbuild.training.environment import make_deterministic
from rnnbuild.training.prepare import Prepared
from rnnbuild.training.pretrained import model_with_vectors
from rnnbuild.training.step import TrainStep, train_step_of
from rnnbuild.training.watched import Watching, watching_of

EVALUATION_BATCH = 256
XLA_MULTIPLE = 16
"""XLA compiles a program for every length, which takes seconds: so there are to be few."""


@dataclass(frozen=True, eq=False)
class Session:
    """What takes part in every step; weights and optimizer change as it trains."""

    prepared: Prepared
    device: str
    model: Any
    optimizer: Any
    train_step: TrainStep
    forward: Forward
    watching: Watching
    multiple: int = 1
    """Lengths of training batches are rounded up to a multiple of this."""
    embedding: LargeEmbedding | None = None
    """Where the table and its moments are between steps, if not in their variables."""

    def settle(self) -> None:
        """Lets model and optimizer hold what the steps so far have made of them.

        To be called before either is read; `outputs` does.
        """
        if self.embedding is not None:
            self.embedding.settle()

    def outputs(
        self, encoded: Encoded, advance: Callable[[int], None] = lambda rows: None
    ) -> NDArray[Any]:
        """What the task's answers need of the model's outputs, in the order of a split's rows.

        `advance` hears of each batch's rows.
        """
        self.settle()
        decoder = decoder_of(self.prepared.data.codec)
        rows = decoder.rows_at_once(EVALUATION_BATCH)
        with tf.device(self.device):
            return outputs_of(self.forward, encoded, rows, advance, decoder.reduced)


def session_of(prepared: Prepared) -> Session:
    """Builds the model with its initial weights. Raises DeviceError where the device is missing."""
    resolved = prepared.resolved
    device = device_of(resolved.config)
    make_deterministic()
    with tf.device(device):
        model = model_with_vectors(resolved, prepared.vectors)
        optimizer = optimizer_of(resolved.config.training)
        # Built now, so that its variables exist before a checkpoint is restored into them.
        optimizer.build(model.trainable_variables)
        speed = resolved.config.training.speed
        fused = speed == "kernels" or (speed == "auto" and fusing_pays())
        accumulates = resolved.config.training.gradient_accumulation_steps > 1
        embedding = large_embedding_of(model, optimizer) if fused and not accumulates else None
        step = train_step_of(
            model,
            optimizer,
            loss_of(resolved),
            forward_pass_of(model, fused),
            class_weights_of(resolved, prepared.data.train),
            accumulates=accumulates,
            jit_compile=speed == "xla",
            embedding=embedding,
        )
    return Session(
        prepared,
        device,
        model,
        optimizer,
        step,
        forward_of(model, fused),
        watching_of(resolved),
        XLA_MULTIPLE if speed == "xla" else 1,
        embedding,
    )
