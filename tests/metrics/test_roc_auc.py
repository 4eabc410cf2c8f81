"""The area under the ROC curve against scikit-learn."""

import numpy as np
import pytest
import sklearn.metrics as authority
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.metrics.classification import Classified
from rnnbuild.metrics.roc_auc import ROC_AUC
from rnnbuild.metrics.scoring import evaluate, tabulate

# Few distinct probabilities, so that ties are common.
ROWS = st.lists(
    st.tuples(st.integers(-1, 1), st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0])), min_size=1
)


def auc(targets, probabilities, resamples=0):
    answers = Classified.from_probabilities(
        np.asarray(targets), np.asarray(probabilities), ("no", "yes")
    )
    return evaluate([ROC_AUC], tabulate([ROC_AUC], answers), resamples)["roc_auc"]


@given(ROWS)
@settings(deadline=None)
def test_the_area_is_that_of_scikit_learn_over_rows_with_a_known_target(rows):
    targets, probabilities = map(np.array, zip(*rows, strict=True))
    known = targets != -1
    found = auc(targets, probabilities).value
    if len(set(targets[known])) < 2:
        assert found is None
    else:
        expected = authority.roc_auc_score(targets[known], probabilities[known])
        assert found == pytest.approx(expected)


@given(ROWS, st.data())
@settings(deadline=None, max_examples=50)
def test_a_weighted_area_is_that_of_scikit_learn_with_the_rows_repeated(rows, data):
    targets, probabilities = map(np.array, zip(*rows, strict=True))
    times = np.array(data.draw(st.lists(st.integers(0, 3), min_size=len(rows), max_size=len(rows))))
    repeated = np.repeat(targets, times), np.repeat(probabilities, times)
    known = repeated[0] != -1
    answers = Classified.from_probabilities(targets, probabilities, ("no", "yes"))
    found = ROC_AUC.score(ROC_AUC.pool(ROC_AUC.statistics(answers), times.astype(float)))
    if len(set(repeated[0][known])) < 2:
        assert np.isnan(found)
    else:
        expected = authority.roc_auc_score(repeated[0][known], repeated[1][known])
        assert found == pytest.approx(expected)


def test_one_class_alone_has_no_area_and_no_interval():
    score = auc([1, 1, 1], [0.2, 0.5, 0.9], resamples=50)
    assert (score.value, score.low, score.high, score.count) == (None, None, None, 3)


def test_resamples_without_a_second_class_are_left_out_of_the_interval():
    score = auc([1, 0, 0, 0, 0], [0.5, 0.1, 0.6, 0.2, 0.3], resamples=500)
    assert score.value == 0.75
    assert 0 <= score.low <= score.value <= score.high <= 1


def test_a_probability_that_is_not_a_number_ranks_where_it_is_wrong():
    assert auc([1, 0, 0], [0.9, np.nan, 0.1]).value == 0.5
    assert auc([1, 1, 0], [0.9, np.nan, 0.1]).value == 0.5


def test_more_than_two_labels_are_refused():
    answers = Classified.from_probabilities(np.array([0]), np.eye(3)[:1], ("a", "b", "c"))
    with pytest.raises(ValueError, match="two labels"):
        tabulate([ROC_AUC], answers)
