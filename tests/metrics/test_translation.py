"""BLEU against sacrebleu, and cases worked by hand."""

import numpy as np
import pytest
import sacrebleu
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.metrics.tasks import scores
from rnnbuild.metrics.translation import Translated

SEQUENCES = st.lists(st.integers(0, 4), max_size=9)


def translated(pairs):
    """Pairs of (target, prediction), each a list of token numbers."""
    targets, predictions = zip(*pairs, strict=True) if pairs else ((), ())

    def flat(rows):
        values = np.array([token for row in rows for token in row], dtype=np.int64)
        return values, np.cumsum([0, *map(len, rows)])

    return Translated(*flat(targets), *flat(predictions))


def values(pairs):
    found = scores(translated(pairs), resamples=0)
    return {name: score.value for name, score in found.items()}


@given(st.lists(st.tuples(SEQUENCES, SEQUENCES), min_size=1, max_size=12))
@settings(deadline=None, max_examples=300)
def test_bleu_is_that_of_sacrebleu_wherever_a_target_is_four_tokens_long(pairs):
    found = values(pairs)["bleu"]
    if max(len(target) for target, _ in pairs) < 4:
        assert found is None
        return
    targets, predictions = zip(*pairs, strict=True)
    expected = sacrebleu.BLEU(tokenize="none", force=True).corpus_score(
        [" ".join(map(str, row)) for row in predictions],
        [[" ".join(map(str, row)) for row in targets]],
    )
    assert found == pytest.approx(expected.score, abs=1e-9)


def test_bleu_of_a_case_worked_by_hand():
    # 5 of 5, 3 of 4, 2 of 3 and 1 of 2 match, and the prediction is a token short.
    found = values([([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 6])])["bleu"]
    expected = 100 * np.exp(1 - 6 / 5) * (1 * 3 / 4 * 2 / 3 * 1 / 2) ** 0.25
    assert found == pytest.approx(expected)


def test_a_word_said_more_often_than_the_target_has_it_counts_no_more_than_that():
    # "the the the the the the the" of Papineni et al., 2002, against a target with two of them:
    # 2 of 7, then 0 of 6, 5 and 4, which count as 1/2, 1/4 and 1/8 of one match.
    found = values([([1, 2, 3, 4, 1], [1] * 7)])["bleu"]
    assert found == pytest.approx(100 * (2 / 7 * (1 / 2 / 6) * (1 / 4 / 5) * (1 / 8 / 4)) ** 0.25)


def test_bleu_of_no_tokens_at_all_is_zero_against_a_target_and_else_undefined():
    assert values([([1, 2, 3, 4], [])])["bleu"] == 0
    assert values([([], [])])["bleu"] is None
    assert values([])["bleu"] is None
    assert values([([1, 2, 3], [1, 2, 3])])["bleu"] is None


@given(st.lists(st.tuples(SEQUENCES, SEQUENCES), min_size=1, max_size=12))
@settings(deadline=None)
def test_exact_match_and_token_accuracy_are_those_of_a_plain_loop(pairs):
    found = values(pairs)
    assert found["exact_match"] == pytest.approx(np.mean([a == b for a, b in pairs]))
    same = sum(a == b for pair in pairs for a, b in zip(*pair, strict=False))
    longer = sum(max(map(len, pair)) for pair in pairs)
    if longer:
        assert found["token_accuracy"] == pytest.approx(same / longer)
    else:
        assert found["token_accuracy"] is None


def test_missing_and_surplus_tokens_are_as_wrong_as_wrong_ones():
    assert values([([1, 2], [1, 2, 3, 4])])["token_accuracy"] == 0.5
    assert values([([1, 2, 3, 4], [1, 2])])["token_accuracy"] == 0.5


def test_a_target_token_unseen_in_train_is_matched_by_nothing():
    found = values([([5, 6, 7, 8, -1], [5, 6, 7, 8, 1])])
    assert found["exact_match"] == 0
    assert found["token_accuracy"] == 0.8
    assert found["bleu"] < 100


def test_rows_that_do_not_pair_up_and_negative_predictions_are_refused():
    two, one = np.array([0, 1, 2]), np.array([0, 2])
    with pytest.raises(ValueError, match="not the same rows"):
        Translated(np.ones(2, int), two, np.ones(2, int), one)
    with pytest.raises(ValueError, match="0 or more"):
        Translated(np.ones(2, int), two, -np.ones(2, int), two)
