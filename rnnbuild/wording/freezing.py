"""Sentences about layers that are frozen, and thawed in the course of training."""

from collections.abc import Iterator, Sequence

from rnnbuild.config.freezing import thawing
from rnnbuild.config.stack import StackLayer
from rnnbuild.formatting import plural


def thawed_remark(name: str, epoch: int) -> str:
    """Says that a layer is trained from an epoch on, counted from 0."""
    return f"epoch {epoch + 1}: `{name}` is trained from now on"


def notes_on_thawing(stack: Sequence[StackLayer]) -> Iterator[str]:
    """A sentence for each layer that is frozen at first."""
    for name, epochs in thawing(stack):
        yield f"`{name}` is frozen for {plural(epochs, 'epoch')} and trained after."


def remarks_on_thawing(
    stack: Sequence[StackLayer], epochs_begun: int, kept_epoch: int | None
) -> Iterator[str]:
    """What became of the layers that were to be thawed, in a run whose last epoch was the
    `epochs_begun`th; `kept_epoch` is that of the weights which were kept, from 1."""
    thawed = [(name, epochs) for name, epochs in thawing(stack) if epochs < epochs_begun]
    if thawed:
        yield "thawed: " + ", ".join(f"`{name}` in epoch {epochs + 1}" for name, epochs in thawed)
    for name, epochs in thawing(stack):
        if epochs >= epochs_begun:
            yield (
                f"`{name}` was never trained: training ended in epoch {epochs_begun}, and "
                f"`thaw_after` is {epochs}"
            )
        elif kept_epoch is not None and kept_epoch <= epochs:
            yield (
                f"the weights that were kept are those of epoch {kept_epoch}, before `{name}` was "
                "trained"
            )
