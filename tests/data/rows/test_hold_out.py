"""Rows held out: the numbers asked for, equal texts together, the same rows every time."""

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.config.schema.data import SplitConfig
from rnnbuild.data.rows import hold_out as module
from rnnbuild.data.rows.hold_out import (
    REPLACED,
    TEST,
    TRAIN,
    VALIDATION,
    assign_splits,
    hold_out,
    known_from_training,
)
from rnnbuild.data.rows.rows import Rows, RowSplits
from rnnbuild.errors import DataError


def numbers(texts, validated, tested, seed=1):
    hashes = np.array([hash(text) for text in texts], np.int64)
    split = SplitConfig(validation=validated, test=tested, seed=seed)
    return assign_splits(hashes, split, validation=True, test=True)


@settings(deadline=None)
@given(
    texts=st.lists(st.integers(0, 30).map(str), min_size=3, max_size=60),
    validated=st.integers(0, 10),
    tested=st.integers(0, 10),
    seed=st.integers(0, 5),
)
def test_equal_texts_are_in_one_split_and_no_split_is_too_large(texts, validated, tested, seed):
    try:
        result = numbers(texts, validated, tested, seed)
    except DataError:
        return
    assert len({(text, number) for text, number in zip(texts, result, strict=True)}) == len(
        set(texts)
    )
    assert (result == TEST).sum() <= tested
    assert (result == VALIDATION).sum() <= validated
    assert (result == TRAIN).any()


@settings(deadline=None)
@given(seed=st.integers(0, 9), validated=st.integers(0, 40), tested=st.integers(0, 40))
def test_different_texts_are_held_out_exactly_as_asked(seed, validated, tested):
    result = numbers([str(row) for row in range(100)], validated, tested, seed)
    assert np.bincount(result, minlength=3).tolist() == [
        100 - validated - tested,
        validated,
        tested,
    ]


@pytest.mark.parametrize("step", [1, 7, 1 << 16])
def test_a_greedy_walk_in_plain_python_holds_the_same_rows_out(step, monkeypatch):
    monkeypatch.setattr("rnnbuild.data.rows.hold_out.ROWS_AT_ONCE", step)
    texts = [f"text {row % 37}" if row % 3 else f"text {row}" for row in range(200)]
    groups: dict[str, list[int]] = {}
    for row, text in enumerate(texts):
        groups.setdefault(text, []).append(row)
    expected = [TRAIN] * len(texts)
    room = {TEST: 30, VALIDATION: 20}
    listed = list(groups.values())
    for group in np.random.default_rng(7).permutation(len(listed)):
        for split in (TEST, VALIDATION):
            if len(listed[group]) <= room[split]:
                room[split] -= len(listed[group])
                for row in listed[group]:
                    expected[row] = split
                break
    assert numbers(texts, 20, 30, seed=7).tolist() == expected


def test_the_rows_held_out_are_the_same_in_every_process():
    script = (
        "import numpy as np\n"
        "from rnnbuild.config.schema.data import SplitConfig\n"
        "from rnnbuild.data.rows.hold_out import assign_splits\n"
        "hashes = np.array([hash(str(row % 300)) for row in range(999)], np.int64)\n"
        "print(assign_splits(hashes, SplitConfig(), True, True).tolist())\n"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(answers) == 1


def test_shares_are_of_all_rows_and_at_least_one():
    result = numbers([str(row) for row in range(12)], 0.25, 0.01)
    assert np.bincount(result).tolist() == [8, 3, 1]


def test_too_few_rows_are_refused():
    with pytest.raises(DataError, match="none would be left to train on"):
        numbers(["a", "b"], 1, 1)
    with pytest.raises(DataError, match="only 1 different texts"):
        numbers(["a"] * 10, 1, 1)


def test_rows_are_taken_with_all_their_columns():
    rows = Rows([f"t{n}" for n in range(10)], [(str(n),) for n in range(10)], lines=list(range(10)))
    splits = hold_out(RowSplits("classify", "word", rows, None, None), SplitConfig())
    parts = list(splits.present)
    assert [len(part) for part in parts] == [8, 1, 1]
    for part in parts:
        assert [f"t{line}" for line in part.lines] == part.texts
        assert [(str(line),) for line in part.lines] == part.targets


@given(
    rows=st.lists(st.tuples(st.integers(0, 9), st.integers(TRAIN, REPLACED)), max_size=40),
    step=st.integers(1, 50),
)
def test_texts_of_training_are_known_again_in_the_other_splits(rows, step):
    trained = {text for text, split in rows if split == TRAIN}
    expected = {
        number: sum(split == number and text in trained for text, split in rows)
        for number in (VALIDATION, TEST)
    }
    usual, module.ROWS_AT_ONCE = module.ROWS_AT_ONCE, step
    try:
        result = known_from_training(
            np.array([hash(str(text)) for text, _ in rows], np.int64),
            np.array([split for _, split in rows], np.int8),
        )
    finally:
        module.ROWS_AT_ONCE = usual
    assert {number: result.get(number, 0) for number in expected} == expected
