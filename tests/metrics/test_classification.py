"""Scores of single labels against scikit-learn."""

import numpy as np
import pytest
import sklearn.metrics as authority
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.metrics.by_label import scores_by_label
from rnnbuild.metrics.classification import Classified
from rnnbuild.metrics.confusion import confusion_matrix
from rnnbuild.metrics.tasks import scores

LABELS = ("red", "green", "blue", "grey")


def values(answers):
    return {name: score.value for name, score in scores(answers, resamples=0).items()}


@st.composite
def label_pairs(draw):
    pairs = draw(st.lists(st.tuples(st.integers(-1, 3), st.integers(0, 3)), min_size=1))
    targets, predictions = np.array(pairs).T
    return targets, predictions


@given(label_pairs())
@settings(deadline=None)
def test_accuracy_balanced_accuracy_and_macro_f1_are_those_of_scikit_learn(pairs):
    # An unseen target is to scikit-learn one more class, -1, that was never predicted.
    targets, predictions = pairs
    found = values(Classified(targets, predictions, LABELS))
    assert found["accuracy"] == pytest.approx(authority.accuracy_score(targets, predictions))
    recalls = authority.recall_score(
        targets, predictions, labels=np.unique(targets), average="macro"
    )
    assert found["balanced_accuracy"] == pytest.approx(recalls)
    assert found["macro_f1"] == pytest.approx(
        authority.f1_score(targets, predictions, average="macro")
    )


@given(label_pairs())
@settings(deadline=None, max_examples=50)
def test_each_class_has_the_precision_recall_f1_and_support_of_scikit_learn(pairs):
    targets, predictions = pairs
    found = scores_by_label(Classified(targets, predictions, LABELS), resamples=5)
    expected = zip(
        *authority.precision_recall_fscore_support(
            targets, predictions, labels=range(4), zero_division=np.nan
        ),
        strict=True,
    )
    assert list(found) == list(LABELS)
    for label, (precision, recall, f1, support) in zip(LABELS, expected, strict=True):
        for name, value in (("precision", precision), ("recall", recall), ("f1", f1)):
            score = getattr(found[label], name)
            if np.isnan(value):
                assert score.value is score.low is score.high is None
            else:
                assert score.value == pytest.approx(value)
        assert found[label].support == support
        assert found[label].predicted == np.sum(predictions == LABELS.index(label))


@given(label_pairs())
@settings(deadline=None, max_examples=50)
def test_the_confusion_matrix_is_that_of_scikit_learn_with_a_row_for_the_unseen(pairs):
    targets, predictions = pairs
    expected = authority.confusion_matrix(targets, predictions, labels=[0, 1, 2, 3, -1])
    np.testing.assert_array_equal(confusion_matrix(targets, predictions, LABELS), expected)


@given(st.integers(0, 2**32 - 1), st.integers(2, 5), st.integers(1, 40))
@settings(deadline=None, max_examples=50)
def test_log_loss_is_that_of_scikit_learn(seed, classes, rows):
    generator = np.random.default_rng(seed)
    probabilities = generator.dirichlet(np.ones(classes), rows)
    probabilities = (probabilities + 1e-6) / (1 + classes * 1e-6)
    targets = generator.integers(classes, size=rows)
    names = tuple(str(number) for number in range(classes))
    found = values(Classified.from_probabilities(targets, probabilities, names))
    expected = authority.log_loss(targets, probabilities, labels=range(classes))
    assert found["log_loss"] == pytest.approx(expected)


def test_an_unseen_target_costs_the_log_of_the_smallest_probability():
    answers = Classified.from_probabilities(
        np.array([-1, 0]), np.array([[0.2, 0.8], [1.0, 0.0]]), ("no", "yes")
    )
    found = values(answers)
    assert found["accuracy"] == 0.5
    assert found["log_loss"] == pytest.approx(-np.log(1e-7) / 2)


@pytest.mark.parametrize("shape", [(4,), (4, 1)])
def test_one_probability_a_row_is_that_of_the_second_label(shape):
    second = np.array([0.9, 0.4, 0.6, 0.5], dtype=np.float32)
    targets = np.array([1, 0, 0, 0])
    one = Classified.from_probabilities(targets, second.reshape(shape), ("no", "yes"))
    two = Classified.from_probabilities(
        targets, np.stack([1 - second, second], axis=1), ("no", "yes")
    )
    np.testing.assert_array_equal(one.predictions, [1, 0, 1, 0])
    assert values(one) == pytest.approx(values(two))


def test_probabilities_that_are_not_numbers_are_a_miss_whatever_the_target():
    probabilities = np.full((3, 2), np.nan)
    answers = Classified.from_probabilities(np.array([0, 1, -1]), probabilities, ("no", "yes"))
    found = values(answers)
    assert found["accuracy"] == found["macro_f1"] == found["roc_auc"] == 0
    assert found["log_loss"] == pytest.approx(-np.log(1e-7))
    assert confusion_matrix(answers.targets, answers.predictions, answers.labels)[:, -1].sum() == 3


def test_no_rows_leave_every_score_undefined():
    nothing = np.zeros(0, dtype=int)
    answers = Classified.from_probabilities(nothing, np.zeros((0, 3)), ("a", "b", "c"))
    for score in scores(answers).values():
        assert (score.value, score.low, score.high, score.count) == (None, None, None, 0)
    assert scores_by_label(answers)["a"].support == 0


def test_without_probabilities_there_is_no_log_loss_and_no_auc():
    answers = Classified(np.array([0, 1]), np.array([1, 1]), ("no", "yes"))
    assert list(scores(answers)) == ["accuracy", "balanced_accuracy", "macro_f1"]


def test_numbers_without_a_label_and_shapes_that_differ_are_refused():
    two = np.array([0, 1])
    with pytest.raises(ValueError, match="label number 2; there are 2 labels"):
        Classified(np.array([0, 2]), two, ("no", "yes"))
    with pytest.raises(ValueError, match="label number -2"):
        Classified(two, np.array([0, -2]), ("no", "yes"))
    with pytest.raises(ValueError, match="one number a row each"):
        Classified(two, np.array([0]), ("no", "yes"))
    with pytest.raises(ValueError, match=r"\(2, 3\) and not \(2, 2\)"):
        Classified.from_probabilities(two, np.zeros((2, 3)), ("no", "yes"))
    with pytest.raises(ValueError, match="these are float64"):
        Classified(np.array([0.0, 1.0]), two, ("no", "yes"))
