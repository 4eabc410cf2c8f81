"""Rows dealt into folds: each tested once, equal texts together, labels in equal shares."""

import os
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import StratifiedKFold

from rnnbuild.config.schema.data import SplitConfig
from rnnbuild.data.rows.folds import fold_of_rows, rare_labels
from rnnbuild.data.rows.hold_out import TEST, TRAIN, VALIDATION, assign_splits
from rnnbuild.errors import DataError


def hashes_of(texts):
    return np.array([hash(text) for text in texts], np.int64)


@settings(deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 25).map(str), st.integers(0, 3)), min_size=2, max_size=60
    ),
    folds=st.integers(2, 12),
    validation=st.integers(0, 3),
    seed=st.integers(0, 5),
)
def test_every_row_is_tested_once_and_never_by_a_model_that_knows_its_text(
    rows, folds, validation, seed
):
    texts, labels = [text for text, _ in rows], np.array([label for _, label in rows])
    tested = np.zeros(len(texts), int)
    for fold in range(1, folds + 1):
        split = SplitConfig(folds=folds, fold=fold, validation=validation, seed=seed)
        try:
            numbers = assign_splits(hashes_of(texts), split, True, True, labels)
        except DataError:
            return
        tested += numbers == TEST
        assert (numbers == TEST).any()
        assert (numbers == TRAIN).any()
        splits_of_text = {(text, number) for text, number in zip(texts, numbers, strict=True)}
        assert len(splits_of_text) == len(set(texts))
        assert (numbers == VALIDATION).sum() <= validation
    assert (tested == 1).all()


@settings(deadline=None)
@given(
    labels=st.lists(st.integers(0, 4), min_size=12, max_size=120),
    folds=st.integers(2, 12),
    seed=st.integers(0, 5),
)
@pytest.mark.filterwarnings("ignore:The least populated class")
def test_labels_are_as_balanced_as_those_of_scikit_learn(labels, folds, seed):
    labels = np.array(labels)
    ours = fold_of_rows(hashes_of(map(str, range(len(labels)))), folds, seed, labels)
    if np.bincount(labels).max() < folds:
        return  # scikit-learn refuses these
    theirs = np.zeros(len(labels), int)
    dealt = StratifiedKFold(folds, shuffle=True, random_state=seed).split(labels, labels)
    for number, (_, rows) in enumerate(dealt, 1):
        theirs[rows] = number
    for label in set(labels.tolist()):
        counts = [
            sorted(np.bincount(fold_of[labels == label], minlength=folds + 1)[1:].tolist())
            for fold_of in (ours, theirs)
        ]
        assert counts[0] == counts[1]
    sizes = np.bincount(ours, minlength=folds + 1)[1:]
    assert sizes.max() - sizes.min() <= 1


def test_folds_without_labels_differ_by_one_row_at_most():
    fold_of = fold_of_rows(hashes_of(map(str, range(103))), 10, seed=1)
    assert Counter(Counter(fold_of.tolist()).values()) == {10: 7, 11: 3}


def test_a_text_that_occurs_often_is_made_up_for_by_the_rest():
    texts = ["often"] * 20 + [str(row) for row in range(20)]
    sizes = np.bincount(fold_of_rows(hashes_of(texts), 2, seed=1))[1:]
    assert sizes.tolist() == [20, 20]


def test_the_seed_decides_and_nothing_else():
    hashes = hashes_of(map(str, range(50)))
    assert (fold_of_rows(hashes, 5, 1) == fold_of_rows(hashes, 5, 1)).all()
    assert (fold_of_rows(hashes, 5, 1) != fold_of_rows(hashes, 5, 2)).any()


def test_every_process_deals_the_same_folds():
    program = (
        "import numpy as np\n"
        "from rnnbuild.data.rows.folds import fold_of_rows\n"
        "texts = [str(n // 2) for n in range(40)]\n"
        "print(fold_of_rows(np.array([hash(t) for t in texts]), 4, 1, np.arange(40) % 3))"
    )
    dealt = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(dealt) == 1


def test_without_a_fold_to_test_on_nothing_but_validation_is_held_out():
    split = SplitConfig(folds=5, validation=3)
    numbers = assign_splits(hashes_of(map(str, range(30))), split, True, True)
    assert np.bincount(numbers).tolist() == [27, 3]


def test_more_folds_than_texts_are_refused_with_the_number_that_works():
    with pytest.raises(DataError) as caught:
        fold_of_rows(hashes_of(["a", "a", "b", "c"]), 4, 1)
    assert str(caught.value).splitlines() == [
        "4 rows with 3 different texts cannot be divided into 4 folds: rows with equal text stay "
        "together",
        "  hint: lower `data.split.folds` to 3",
    ]
    assert sorted(fold_of_rows(hashes_of(["a", "a", "b", "c"]), 3, 1)) == [1, 1, 2, 3]


def test_a_label_is_rare_by_its_different_texts():
    labels = np.array([1, 1, 1, 2, 2, 3])
    assert rare_labels(hashes_of(["a", "b", "c", "d", "d", "e"]), labels, 3) == {2: 1, 3: 1}
