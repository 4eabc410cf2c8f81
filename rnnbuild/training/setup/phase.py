"""How a model is trained while the same layers of it are.

When a layer is thawed, the next phase begins with a new optimizer, whose counter and moments are
zero for all weights: as in Keras after `compile`, which a changed `trainable` asks for, and in
fastai, whose authors proposed gradual unfreezing. If the counter went on while the layer's moments
began at zero, Adam's bias correction would be void, and its first steps would be too long: n equal
gradients make one of (1 - 0.9^n) / sqrt(1 - 0.999^n) learning rates, 6.6 at most.
"""

from dataclasses import dataclass
from typing import Any

from rnnbuild.config.freezing import frozen_epochs
from rnnbuild.models.carried_state import CarriedState, carrying_layers
from rnnbuild.models.descent import Source, variables_of
from rnnbuild.models.forward import forward_pass_of, fusing_pays
from rnnbuild.models.losses import loss_of
from rnnbuild.models.optimizer import optimizer_of
from rnnbuild.models.sources import sources_of
from rnnbuild.training.setup.prepare import Prepared
from rnnbuild.training.steps.exchange import of_batches, of_one_batch
from rnnbuild.training.steps.gather import gather_of, signature_of
from rnnbuild.training.steps.step import TrainStep, apply_of, train_step_of


@dataclass(frozen=True, eq=False)
class Phase:
    """What trains the weights that are trainable now."""

    optimizer: Any
    sources: list[Source]
    """Where the weights are between steps, if they are not in their variables."""
    train_step: TrainStep


def phase_of(model: Any, prepared: Prepared, carried: CarriedState) -> Phase:
    """The phase in which the layers are trained that are trainable in the model."""
    resolved = prepared.resolved
    training = resolved.config.training
    fused = is_fused_run(prepared)
    accumulates = training.gradient_accumulation_steps > 1
    optimizer = optimizer_of(training)
    # Built now, so that its variables exist before a checkpoint is loaded into them.
    optimizer.build(model.trainable_variables)
    held = fused and not accumulates
    sources = sources_of(model, optimizer, carried) if held else variables_of(model, optimizer)
    forward = forward_pass_of(model, fused, carrying_layers(model, carried, fused))
    loss = loss_of(resolved, fused)
    step = train_step_of(
        gather_of(forward, sources, lambda: model.losses, loss, prepared.class_weights),
        of_batches(model.trainable_variables) if accumulates else of_one_batch(),
        apply_of(optimizer, sources),
        signature_of(model, loss),
        jit_compile=training.speed == "xla",
    )
    return Phase(optimizer, sources, step)


def is_fused_run(prepared: Prepared) -> bool:
    """Whether the kernels compute the recurrent layers that they know."""
    speed = prepared.resolved.config.training.speed
    return speed == "kernels" or (speed == "auto" and fusing_pays())


def thaw_layers(model: Any, prepared: Prepared, epoch: int) -> list[str]:
    """Make the layers trainable that are trained in an epoch, counted from 0; returns the names of
    those that were not."""
    thawed = []
    for layer, described in zip(model.layers, prepared.resolved.stack, strict=True):
        if not layer.trainable and frozen_epochs(described.spec) <= epoch:
            layer.trainable = True
            thawed.append(described.name)
    return thawed
