"""Prediction streams: in order, in chunks, and without reading ahead of them."""

import sys
from collections.abc import Iterator
from itertools import count
from threading import enumerate as enumerate_threads

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnnbuild.errors import DataError
from rnnbuild.export.opening import open_run
from rnnbuild.inference import predict
from rnnbuild.inference.inputs import GivenRow
from rnnbuild.inference.predict import answered_chunks
from rnnbuild.inference.trained_run import TrainedRun

ROUNDING = 3e-6
"""Of a probability: some fifty roundings of 2^-24, in sums whose order differs."""

WORDS = st.lists(st.sampled_from(("fine", "dull", "plot", "new", "...", "é")), max_size=12)


@pytest.fixture(scope="module")
def model(classify_run) -> TrainedRun:
    return open_run(classify_run)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts=st.lists(WORDS.map(" ".join), min_size=1, max_size=20), rows=st.integers(1, 7))
def test_neither_chunks_nor_neighbours_change_an_answer(texts, rows, model):
    given = [(text, {"n": number, "text": text}) for number, text in enumerate(texts)]
    answers = [row for chunk in answered_chunks(model, given, rows) for row in chunk]
    assert [row["n"] for row in answers] == list(range(len(texts)))
    for row in answers:
        (alone,) = model.predict([row["text"]])
        # Next to one half, rounding decides.
        assert row["prediction"] == alone.prediction or row["probability"] < 0.5 + ROUNDING
        assert row["probability"] == pytest.approx(alone.probability, abs=ROUNDING)


FINE = ("fine", {"text": "fine"})


def counted(read: list[int]) -> Iterator[GivenRow]:
    """Rows without end, each of which is noted as it is read."""
    for number in count():
        read.append(number)
        yield FINE


def test_no_more_rows_are_read_than_the_chunk_after(model):
    read: list[int] = []
    chunks = answered_chunks(model, counted(read), 5)
    for number in range(1, 4):
        assert len(next(chunks)) == 5
        assert len(read) == 5 * (number + 1)


def test_what_was_read_is_answered_before_the_next_row_is_waited_for(model):
    read: list[int] = []
    chunks = answered_chunks(model, counted(read), waited_for=lambda: len(read) in (2, 3, 7))
    assert [(len(next(chunks)), len(read)) for _ in range(3)] == [(2, 2), (1, 3), (4, 7)]


def test_the_rows_before_a_fault_are_answered(model):
    def broken() -> Iterator[GivenRow]:
        yield from [FINE] * 4
        raise DataError("no more")

    chunks = answered_chunks(model, broken(), 2)
    assert [len(next(chunks)), len(next(chunks))] == [2, 2]
    with pytest.raises(DataError, match="no more"):
        next(chunks)


def test_who_wants_no_more_leaves_no_thread_and_no_setting_behind(model):
    before, usual = set(enumerate_threads()), sys.getswitchinterval()
    chunks = answered_chunks(model, counted([]), 5)
    next(chunks)
    chunks.close()
    assert not [t for t in set(enumerate_threads()) - before if "model" in t.name]
    assert sys.getswitchinterval() == usual


def test_of_long_texts_fewer_are_held_at_once(model, monkeypatch):
    monkeypatch.setattr(predict, "CHUNK_CHARACTERS", 40)
    rows = [("fine " * 6, {"text": "fine " * 6})] * 5
    sizes = [len(chunk) for chunk in answered_chunks(model, rows)]
    assert sizes == [2, 2, 1]


def test_a_column_that_the_answer_would_overwrite_is_refused(model):
    with pytest.raises(DataError, match="already has a column `probability`"):
        list(answered_chunks(model, [("fine", {"text": "fine", "probability": 1})]))
