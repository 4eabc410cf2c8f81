"""Entity precision, recall and F1 by conlleval's definition: exact span and exact type.

An entity is correct if its first token, its last token and its type all are. Shares here are
conlleval's percentages; where nothing was predicted (or there was nothing to predict) it says 0
for precision (or recall), and here that is undefined.

A token whose label train lacks (-1) is an entity by itself that nothing matches, and an entity
beside it is matched by nothing either: the score is never better than with the true names. For
conlleval's exact figure give those labels numbers and names after the known ones.
"""

import numpy as np

from rnnbuild.metrics.f1 import f1, micro, precision, recall
from rnnbuild.metrics.label_counts import count_table
from rnnbuild.metrics.metric import Array, Metric
from rnnbuild.metrics.ragged import row_numbers
from rnnbuild.metrics.spans import beside_unseen, find_spans
from rnnbuild.metrics.tagging import Tagged
from rnnbuild.tasks.tag import entity_types


def entity_counts(answers: Tagged) -> Array:
    """Right, predicted and actual entities by type, the last unseen: (rows, 3 x (types + 1))."""
    targets, offsets, labels = answers.targets, answers.offsets, answers.labels
    actual = find_spans(targets, offsets, labels)
    predicted = find_spans(answers.predictions, offsets, labels)
    # Where the predicted entity that begins at a token ends; -1 where none begins.
    end_from = np.full(len(targets), -1)
    end_from[predicted.starts] = predicted.ends
    type_from = np.full(len(targets), -1)
    type_from[predicted.starts] = predicted.types
    correct = (end_from[actual.starts] == actual.ends) & (type_from[actual.starts] == actual.types)
    correct &= ~beside_unseen(actual, targets, offsets)

    rows = row_numbers(offsets)
    actual_rows = rows[actual.starts]
    return count_table(
        (len(offsets) - 1, len(entity_types(labels)) + 1),
        correct=(actual_rows[correct], actual.types[correct]),
        predicted=(rows[predicted.starts], predicted.types),
        actual=(actual_rows, actual.types),
    )


ENTITY_F1 = Metric("entity_f1", entity_counts, micro(f1))
ENTITY_PRECISION = Metric("entity_precision", entity_counts, micro(precision))
ENTITY_RECALL = Metric("entity_recall", entity_counts, micro(recall))
