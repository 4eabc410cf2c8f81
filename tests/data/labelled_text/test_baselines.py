"""Trivial answers against scikit-learn, and by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.data.examples.encoded import UNSEEN, end_to_end
from rnnbuild.data.labelled_text import baselines as baselines

LABELS = ("a", "b", "c")
IDS = 7


@st.composite
def splits(draw, per_step=False):
    def split():
        lengths = draw(st.lists(st.integers(1, 5), min_size=3, max_size=12))
        total = sum(lengths)
        values = draw(st.lists(st.integers(1, IDS - 1), min_size=total, max_size=total))
        count = total if per_step else len(lengths)
        targets = draw(st.lists(st.integers(0, 2), min_size=count, max_size=count))
        offsets = np.concatenate(([0], np.cumsum(lengths)))
        return end_to_end(
            np.array(values, np.int32), offsets, np.array(targets, np.int32), per_step
        )

    return split(), split()


def bags(encoded):
    table = np.zeros((len(encoded), IDS))
    for row in range(len(encoded)):
        for value in encoded.values[encoded.offsets[row] : encoded.offsets[row + 1]]:
            table[row, value] += 1
    return table


@settings(deadline=None)
@given(drawn=splits(), step=st.sampled_from((1, 4, 1000)))
def test_naive_bayes_is_that_of_scikit_learn(drawn, step):
    from sklearn.naive_bayes import MultinomialNB

    train, test = drawn
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(baselines, "WORDS_AT_ONCE", step)
        result = baselines.naive_bayes(train, test, LABELS, IDS)
    seen = bags(train).any(axis=0)
    prior = np.bincount(train.targets, minlength=3) + 1
    model = MultinomialNB(class_prior=prior / prior.sum())
    model.partial_fit(bags(train), train.targets, classes=[0, 1, 2])
    expected = model.feature_log_prob_ * seen
    joint = bags(test) @ expected.T + np.log(prior / prior.sum())
    share = np.exp(joint - joint.max(axis=1, keepdims=True))
    np.testing.assert_allclose(result.probabilities, share / share.sum(axis=1, keepdims=True))


@settings(deadline=None)
@given(drawn=splits(per_step=True), step=st.sampled_from((1, 4, 1000)))
def test_the_most_frequent_tag_is_that_of_counting(drawn, step):
    train, test = drawn
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(baselines, "WORDS_AT_ONCE", step)
        result = baselines.most_frequent_tag(train, test, LABELS, IDS)
    overall = np.bincount(train.targets, minlength=3).argmax()
    for value, tag in zip(test.values, result.predictions, strict=True):
        own = train.targets[train.values == value]
        assert tag == (np.bincount(own, minlength=3).argmax() if len(own) else overall)


def test_majority_answers_the_most_common_label_with_the_shares_of_training():
    values, offsets = np.array([1, 1, 1, 1], np.int32), np.arange(5)
    train = end_to_end(values, offsets, np.array([2, 0, 2, 2], np.int32))
    test = end_to_end(values[:2], offsets[:3], np.array([2, UNSEEN], np.int32))
    result = baselines.majority(train, test, LABELS)
    assert result.predictions.tolist() == [2, 2]
    assert result.probabilities.tolist() == [[0.25, 0, 0.75]] * 2
