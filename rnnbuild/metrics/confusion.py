"""Which label was taken for which."""

import numpy as np
import numpy.typing as npt

from rnnbuild.metrics.metric import Array
from rnnbuild.metrics.unseen import check_label_ids


def confusion_matrix(
    targets: Array, predictions: Array, labels: tuple[str, ...]
) -> npt.NDArray[np.int64]:
    """How often target i was answered with j: (labels + 1, labels + 1), i down and j across.

    The last row counts targets unseen in train, the last column rows without an answer. Label
    numbers may be those of rows or of tokens. Raises ValueError for a number without a label.
    """
    check_label_ids(targets, labels, "targets")
    check_label_ids(predictions, labels, "predictions")
    counts = np.zeros((len(labels) + 1, len(labels) + 1), dtype=np.int64)
    np.add.at(counts, (targets, predictions), 1)
    return counts
