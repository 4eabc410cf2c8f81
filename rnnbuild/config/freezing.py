"""Layers that are not trained, or not from the first epoch on.

Thawing layers one after another, the last first, is gradual unfreezing (Howard and Ruder 2018,
section 3.3).
"""

import math
from collections.abc import Iterator, Sequence

from rnnbuild.config.places import Path, Places
from rnnbuild.config.schema import Config
from rnnbuild.config.schema.base import Section, sections_within
from rnnbuild.config.schema.layers import NormalizationArguments, TrainableArguments
from rnnbuild.config.schema.model import ModelConfig
from rnnbuild.config.stack import LayerSpec, StackLayer
from rnnbuild.errors import Problem
from rnnbuild.formatting import plural


def frozen_epochs(spec: LayerSpec | Section) -> float:
    """Number of epochs for which a layer's weights stay as they start; infinite for all of them."""
    if not isinstance(spec, TrainableArguments) or spec.trainable:
        return 0
    return math.inf if spec.thaw_after is None else spec.thaw_after


def thawing(stack: Sequence[StackLayer]) -> list[tuple[str, int]]:
    """Layers that are frozen at first and trained later: name, and number of epochs before; the
    first to be thawed first."""
    epochs = ((layer.name, frozen_epochs(layer.spec)) for layer in stack)
    thawed = [(name, int(number)) for name, number in epochs if 0 < number < math.inf]
    return sorted(thawed, key=lambda one: one[1])


def never_thawed(places: Places, path: Path, config: Config) -> Iterator[Problem]:
    """A problem for each layer that would be thawed after the last epoch."""
    epochs = config.training.epochs
    for inner, section in sections_within((*path, "model"), config.model):
        if epochs <= frozen_epochs(section) < math.inf:
            yield Problem(
                f"`thaw_after: {frozen_epochs(section)}` is never reached: training ends after "
                f"{plural(epochs, 'epoch')}",
                places.of((*inner, "thaw_after")),
                "lower it, raise `training.epochs`, or leave `thaw_after` out",
            )


def nothing_trained(places: Places, path: Path, model: ModelConfig) -> Iterator[Problem]:
    """A problem where every layer is frozen, be it in the first epoch alone."""
    if model.pooling == "attention":
        return
    epochs = min(frozen_epochs(section) for section in sections_with_weights(model))
    if epochs:
        first = "the first epoch" if epochs == 1 else f"the first {epochs} epochs"
        when = "" if epochs == math.inf else f" in {first}"
        yield Problem(
            f"nothing is trained{when}: every layer is frozen",
            places.of((*path, "head", "trainable")),
            "leave `trainable: false` out of a layer, such as `model.head`",
        )


def sections_with_weights(model: ModelConfig) -> Iterator[TrainableArguments]:
    """Layers that training could change."""
    for _, section in sections_within((), model):
        if isinstance(section, NormalizationArguments) and not (section.center or section.scale):
            continue
        if isinstance(section, TrainableArguments):
            yield section
