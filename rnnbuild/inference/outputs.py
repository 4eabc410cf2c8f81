"""A model's outputs for encoded examples, in the order of the examples, whatever the batches."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.batches import Batch, make_batch, ordered_plan
from rnnbuild.data.encoded import UNSEEN, Encoded
from rnnbuild.models.forward import forward_pass_of, fusing_pays
from rnnbuild.models.framework import tf

Forward = Callable[[Any], Any]
Floats = NDArray[np.float32]
Reduce = Callable[[NDArray[Any], NDArray[Any]], NDArray[Any]]
"""A batch's outputs and targets -> what is kept of them, which has as many leading axes."""


def forward_of(model: Any, fused: bool | None = None) -> Forward:
    """The model as one traced function of a batch of any size and length, without dropout.

    `fused` says whether its recurrent layers run in the kernels; by default where that pays.
    """
    signature = tf.TensorSpec((None, *model.inputs[0].shape[1:]), model.inputs[0].dtype)
    through = forward_pass_of(model, fusing_pays() if fused is None else fused)

    def forward(inputs: Any) -> Any:
        return through(inputs, False)

    return tf.function(forward, input_signature=[signature], autograph=False)  # type: ignore[no-any-return]


def unreduced(outputs: NDArray[Any], targets: NDArray[Any]) -> NDArray[Any]:
    """A `Reduce` that keeps the outputs as they are."""
    return outputs


def outputs_of(
    forward: Forward,
    encoded: Encoded,
    batch_size: int,
    advance: Callable[[int], None] = lambda rows: None,
    reduce: Reduce = unreduced,
    steps: int | None = None,
) -> NDArray[Any]:
    """The head's outputs: (rows, ...), or (total steps, units) where each input step has its own.

    Examples of like length go through the model together, with `steps` no more of them at once
    (see `ordered_plan`); `advance` hears of each batch's rows.
    `reduce` makes of a batch's outputs what is kept of them, so that the whole need not be held.
    """
    total = int(encoded.lengths.sum()) if encoded.per_step else len(encoded)
    outputs: NDArray[Any] | None = None
    for rows in ordered_plan(encoded.lengths, batch_size, steps):
        batch = make_batch(encoded, rows)
        answers = reduce(forward(batch.inputs).numpy(), targets_of(batch))
        if outputs is None:
            shape = answers.shape[2:] if encoded.per_step else answers.shape[1:]
            outputs = np.empty((total, *shape), answers.dtype)
        if encoded.per_step:
            starts, lengths = encoded.offsets[rows], encoded.lengths[rows]
            positions = np.arange(answers.shape[1])
            real = positions < lengths[:, None]
            outputs[(starts[:, None] + positions)[real]] = answers[real]
        else:
            outputs[rows] = answers
        advance(len(rows))
    return outputs if outputs is not None else np.empty((0, 0), np.float32)


def targets_of(batch: Batch) -> NDArray[Any]:
    """A batch's targets as the metrics have them: UNSEEN where the loss has a weight of 0."""
    if not np.issubdtype(batch.targets.dtype, np.integer):
        return batch.targets
    return np.where(batch.weights > 0, batch.targets, UNSEEN)
