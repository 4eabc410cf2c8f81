"""Label numbers, and the rule for labels that the training set lacks.

A target of -1 is a label that train lacks. No answer is correct for it: it is a miss in every score
that counts answers, and is never skipped in the count. Where labels are scored one by one, all
unseen targets together are one more label, after the known ones, that no answer is correct for.
A prediction of -1 is no answer (the probabilities were not numbers), and a miss too.
"""

import numpy as np
import numpy.typing as npt

from rnnbuild.metrics.metric import Array

UNSEEN = -1


def check_label_ids(ids: Array, labels: tuple[str, ...], name: str) -> None:
    """Raises ValueError where a number is neither -1 nor that of a label."""
    if not np.issubdtype(ids.dtype, np.integer):
        raise ValueError(f"{name} are label numbers, and these are {ids.dtype}")
    if ids.size and (ids.min() < UNSEEN or ids.max() >= len(labels)):
        wrong = ids.min() if ids.min() < UNSEEN else ids.max()
        raise ValueError(f"{name} contain label number {wrong}; there are {len(labels)} labels")


def hits(targets: Array, predictions: Array) -> npt.NDArray[np.bool_]:
    """True where the answer is correct: equal, and of a label that train has."""
    return np.asarray((targets == predictions) & (targets != UNSEEN))
