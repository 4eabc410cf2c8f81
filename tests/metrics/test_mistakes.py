"""Which mistakes are shown, and in which order."""

import numpy as np

from rnnbuild.metrics.classification import Classified
from rnnbuild.metrics.forecasting import Forecasts
from rnnbuild.metrics.mistakes import worst_mistakes
from rnnbuild.metrics.multi_label import MultiLabelled
from rnnbuild.metrics.tagging import Tagged
from rnnbuild.metrics.translation import Translated


def test_the_most_confident_wrong_classes_come_first_and_correct_ones_never():
    targets = np.array([0, 0, 1, -1, 0])
    second = np.array([0.6, 0.9, 0.95, 0.2, 0.1])
    answers = Classified.from_probabilities(targets, second, ("no", "yes"))
    assert worst_mistakes(answers).tolist() == [1, 3, 0]
    assert worst_mistakes(answers, limit=1).tolist() == [1]


def test_without_probabilities_wrong_classes_come_in_their_order():
    answers = Classified(np.array([0, 1, 1]), np.array([1, 1, 0]), ("no", "yes"))
    assert worst_mistakes(answers).tolist() == [0, 2]


def test_a_row_without_an_answer_is_the_worst_of_all():
    probabilities = np.array([[0.0, 1.0], [np.nan, np.nan]])
    answers = Classified.from_probabilities(np.array([0, 0]), probabilities, ("no", "yes"))
    assert worst_mistakes(answers).tolist() == [1, 0]


def test_of_several_labels_the_furthest_and_the_unseen_come_first():
    targets = np.array([[1, 0], [1, 0], [1, 0], [1, 0]])
    probabilities = np.array([[0.9, 0.6], [0.1, 0.8], [0.9, 0.1], [0.9, 0.1]])
    answers = MultiLabelled(targets, probabilities, ("a", "b"), np.array([0, 0, 0, 1]))
    assert worst_mistakes(answers).tolist() == [1, 3, 0]


def test_sentences_with_most_wrong_tags_come_first():
    targets, predictions = np.array([0, 0, 1, 1, 1, 0]), np.array([0, 1, 0, 0, 1, 0])
    answers = Tagged(targets, predictions, np.array([0, 2, 5, 5, 6]), ("a", "b"))
    assert worst_mistakes(answers).tolist() == [1, 0]


def test_the_largest_errors_come_first_measured_by_each_columns_scale():
    errors = np.array([[0.0, 50], [2, 0], [0, 0], [np.nan, 0]])
    plain = Forecasts(np.zeros((4, 2)), errors)
    scaled = Forecasts(np.zeros((4, 2)), errors, np.array([1.0, 100.0]))
    assert worst_mistakes(plain).tolist() == [3, 0, 1]
    assert worst_mistakes(scaled).tolist() == [3, 1, 0]


def test_sequences_with_most_wrong_tokens_come_first():
    offsets = np.array([0, 2, 4, 6])
    answers = Translated(
        np.array([1, 2, 3, 4, 5, 6]), offsets, np.array([1, 2, 3, 9]), np.array([0, 2, 4, 4])
    )
    assert worst_mistakes(answers).tolist() == [2, 1]


def test_no_rows_hold_no_mistakes():
    nothing = np.zeros(0, dtype=int)
    assert worst_mistakes(Classified(nothing, nothing, ("a", "b"))).tolist() == []
