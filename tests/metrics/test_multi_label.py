"""Scores of several labels at once against scikit-learn."""

import numpy as np
import pytest
import sklearn.metrics as authority
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnnbuild.metrics.by_label import scores_by_label
from rnnbuild.metrics.multi_label import MultiLabelled
from rnnbuild.metrics.tasks import scores

LABELS = ("news", "sport", "weather")


@st.composite
def label_sets(draw):
    shape = (draw(st.integers(1, 20)), 3)
    targets = draw(arrays(np.float32, shape, elements=st.sampled_from([0, 1])))
    probabilities = draw(arrays(np.float32, shape, elements=st.sampled_from([0, 0.25, 0.75, 1])))
    return targets, probabilities


@given(label_sets())
@settings(deadline=None)
def test_micro_f1_macro_f1_and_subset_accuracy_are_those_of_scikit_learn(sets):
    targets, probabilities = sets
    predictions = (probabilities > 0.5).astype(int)
    found = scores(MultiLabelled(targets, probabilities, LABELS), resamples=0)
    expected = {
        name: authority.f1_score(targets, predictions, average=name, zero_division=np.nan)
        for name in ("micro", "macro")
    }
    for name, value in expected.items():
        score = found[f"{name}_f1"].value
        assert score is None if np.isnan(value) else score == pytest.approx(value)
    assert found["subset_accuracy"].value == pytest.approx(
        authority.accuracy_score(targets, predictions)
    )


@given(label_sets())
@settings(deadline=None, max_examples=30)
def test_each_label_has_the_f1_and_support_of_scikit_learn(sets):
    targets, probabilities = sets
    found = scores_by_label(MultiLabelled(targets, probabilities, LABELS), resamples=0)
    _, _, f1, support = authority.precision_recall_fscore_support(
        targets, probabilities > 0.5, zero_division=np.nan
    )
    for label, value, count in zip(LABELS, f1, support, strict=True):
        score = found[label].f1.value
        assert score is None if np.isnan(value) else score == pytest.approx(value)
        assert found[label].support == count


def test_a_label_unseen_in_train_is_a_miss_in_every_score():
    targets = np.array([[1, 0, 0], [0, 1, 0]])
    answers = MultiLabelled(targets, targets * 0.9, LABELS, unseen=np.array([0, 2]))
    found = scores(answers, resamples=0)
    assert found["subset_accuracy"].value == 0.5
    assert found["micro_f1"].value == pytest.approx(2 * 2 / (2 + 4))
    assert found["macro_f1"].value == pytest.approx((1 + 1 + 0) / 3)


def test_exactly_one_half_is_answered_no():
    answers = MultiLabelled(np.zeros((1, 3)), np.full((1, 3), 0.5), LABELS)
    assert scores(answers)["subset_accuracy"].value == 1


def test_shapes_that_differ_are_refused():
    with pytest.raises(ValueError, match=r"probabilities are \(2, 2\) and not \(2, 3\)"):
        MultiLabelled(np.zeros((2, 3)), np.zeros((2, 2)), LABELS)
    with pytest.raises(ValueError, match=r"unseen labels are \(1,\)"):
        MultiLabelled(np.zeros((2, 3)), np.zeros((2, 3)), LABELS, unseen=np.zeros(1))
