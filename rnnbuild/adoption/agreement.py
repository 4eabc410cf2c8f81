"""How a run answers beside the file that it was adopted from, and what padding changes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.adoption.reading import Adoptable
from rnnbuild.errors import RunError
from rnnbuild.formatting import percent

Array = NDArray[Any]
Forward = Callable[[Array], Array]
"""From a batch (B, T) or (B, T, columns) to outputs."""

TOLERANCE = 1e-5
"""Of the largest output, as for exports (`export/agreement.py`)."""
LENGTHS = (1, 2, 7, 20)
ROWS = 32
PADDED_ROWS = 256
LONGEST_PADDED = 1000
MOST_STEPS = 200_000
"""Of all rows that are computed at once, which bounds the memory."""
USUAL_STEPS = 80
"""To which rows are padded where the file does not say how long they are."""


@dataclass(frozen=True)
class Compared:
    """rows: random rows without padding that were compared
    difference: the largest difference of an output
    """

    rows: int
    difference: float


@dataclass(frozen=True)
class PaddingEffect:
    """What padding changes in the answers of the file, for random rows of 1 to `steps` steps.

    front, end: the share of answers that are another one if rows are padded there; and with
                `_difference` the largest difference of an output
    """

    steps: int
    front: float
    front_difference: float
    end: float
    end_difference: float


def compared_with_original(model: Adoptable, ours: Forward, original: Forward) -> Compared:
    """Compare outputs for random rows without padding. Raises RunError where they differ."""
    generator = np.random.default_rng(1)
    lengths = (model.facts.longest,) if model.resolved.input_columns else LENGTHS
    scale, difference, compared = 0.0, 0.0, 0
    for length in lengths:
        rows = random_rows(model, generator, max(1, min(ROWS, MOST_STEPS // length)), length)
        compared += len(rows)
        mine, theirs = ours(rows), original(rows)
        # A difference that is NaN must not be taken for the smallest.
        difference = float(np.max([difference, np.abs(mine - theirs).max()]))
        scale = float(np.max([scale, np.abs(theirs).max()]))
    if not difference <= TOLERANCE * scale:
        raise RunError(
            f"{model.foreign.path} cannot be adopted: the run would not answer as the file does, "
            f"whose outputs up to {scale:.3g} differ by {difference:.2g}",
            "nothing was written; this is a mistake of rnnbuild: please report it with the file",
        )
    return Compared(compared, difference)


def padding_effect(model: Adoptable, ours: Forward, original: Forward) -> PaddingEffect | None:
    """What padding would change; None where it changes nothing, or rows are numbers.

    The run itself answers each row alone: it never reads padding.
    """
    steps = min(model.steps or USUAL_STEPS, LONGEST_PADDED)
    if model.resolved.input_columns or steps == 1:
        return None
    generator, places = np.random.default_rng(2), np.arange(steps)
    lengths = generator.integers(1, steps + 1, PADDED_ROWS)[:, None]
    ids = random_rows(model, generator, PADDED_ROWS, steps)
    first, last = places < lengths, places >= steps - lengths
    at_end, at_front = np.where(first, ids, 0), np.zeros_like(ids)
    at_front[last] = at_end[first]
    alone, front, end = ours(at_end), original(at_front), original(at_end)
    if alone.ndim == 3:  # an answer for each step
        alone, front, end = alone[first], front[last], end[first]
    differences = [float(np.abs(padded - alone).max()) for padded in (front, end)]
    if max(differences) <= 10 * TOLERANCE * float(np.abs(alone).max()):
        return None
    shares = [
        float((decisions(model, padded) != decisions(model, alone)).any(axis=-1).mean())
        for padded in (front, end)
    ]
    return PaddingEffect(steps, shares[0], differences[0], shares[1], differences[1])


def decisions(model: Adoptable, outputs: Array) -> Array:
    """What outputs (answers, units) say: (answers, 1), or of several labels (answers, labels)."""
    if model.facts.multi_label or outputs.shape[1] == 1:
        return np.asarray(outputs > 0.5)
    return np.asarray(outputs.argmax(axis=1)[:, None])


def padding_note(effect: PaddingEffect) -> str:
    """What the user has to know of it, in numbers."""
    return (
        "the file's model reads padding as if it were a word (its Embedding has no mask_zero=True, "
        "or a layer passes no mask on); the run never does, so its answers differ from those to "
        f"padded rows: of {PADDED_ROWS} random rows of 1 to {effect.steps} words, "
        f"{percent(effect.front)} get another answer if padded in front (outputs differ by up to "
        f"{effect.front_difference:.2g}), {percent(effect.end)} if padded at the end "
        f"({effect.end_difference:.2g}); score it on your own rows: rnnbuild evaluate RUN --data "
        "FILE"
    )


def random_rows(model: Adoptable, generator: np.random.Generator, rows: int, steps: int) -> Array:
    """Rows without padding: ids of words, or standard normal numbers."""
    if columns := model.resolved.input_columns:
        return generator.standard_normal((rows, steps, columns)).astype(np.float32)
    embedding = model.resolved.config.model.embedding
    assert embedding is not None and embedding.input_dim is not None
    # Ids that the vocabulary lacks are rows of the embedding all the same.
    return generator.integers(1, embedding.input_dim, (rows, steps), dtype=np.int32)


def with_activation(model: Adoptable, original: Forward) -> Forward:
    """The outputs of the file, with the activation that the run's head has besides."""
    if not model.logits:
        return original

    def forward(rows: Array) -> Array:
        x = original(rows).astype(np.float64)
        if x.shape[-1] == 1:
            return np.asarray(1 / (1 + np.exp(-x)))
        raised = np.exp(x - x.max(axis=-1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=-1, keepdims=True))

    return forward
