"""Scores of tokens against scikit-learn."""

import numpy as np
import pytest
import sklearn.metrics as authority
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.metrics.by_label import scores_by_label
from rnnbuild.metrics.tagging import Tagged
from rnnbuild.metrics.tasks import scores

LABELS = ("NOUN", "VERB", "ADJ")


@given(
    st.lists(
        st.lists(st.tuples(st.integers(-1, 2), st.integers(0, 2)), max_size=6),
        min_size=1,
    )
)
@settings(deadline=None)
def test_token_scores_are_those_of_scikit_learn_over_all_tokens(sentences):
    pairs = [pair for sentence in sentences for pair in sentence]
    targets, predictions = np.array(pairs, dtype=int).reshape(-1, 2).T
    answers = Tagged(targets, predictions, np.cumsum([0, *map(len, sentences)]), LABELS)
    found = scores(answers, resamples=0)
    assert list(found) == ["token_accuracy", "macro_f1"]
    if not pairs:
        assert found["token_accuracy"].value is None
        assert found["token_accuracy"].count == len(sentences)
        return
    expected = authority.accuracy_score(targets, predictions)
    assert found["token_accuracy"].value == pytest.approx(expected)
    expected = authority.f1_score(targets, predictions, average="macro")
    assert found["macro_f1"].value == pytest.approx(expected)
    support = [scores.support for scores in scores_by_label(answers, resamples=0).values()]
    assert support == [np.sum(targets == label) for label in range(3)]


def test_more_than_255_tokens_of_one_tag_in_a_sentence_are_all_counted():
    tags = np.zeros(70_000, dtype=int)
    tags[:300] = 1
    answers = Tagged(tags, tags, np.array([0, 69_000, 70_000]), LABELS)
    found = scores_by_label(answers, resamples=0)
    assert [found[label].support for label in LABELS] == [69_700, 300, 0]
    assert found["NOUN"].f1.value == 1


def test_the_interval_draws_sentences_and_not_tokens():
    # Two sentences, one all right and one all wrong: drawn whole, either may be drawn twice.
    targets = np.zeros(1000, dtype=int)
    predictions = np.repeat([0, 1], 500)
    score = scores(Tagged(targets, predictions, np.array([0, 500, 1000]), LABELS))
    assert (score["token_accuracy"].low, score["token_accuracy"].high) == (0, 1)
    assert score["token_accuracy"].count == 2


@pytest.mark.parametrize("offsets", [[], [0, 2], [1, 3], [0, 3, 2, 3], [[0, 3]]])
def test_offsets_that_do_not_cover_the_tokens_are_refused(offsets):
    with pytest.raises(ValueError, match="offsets"):
        Tagged(np.zeros(3, int), np.zeros(3, int), np.array(offsets, dtype=int), LABELS)
