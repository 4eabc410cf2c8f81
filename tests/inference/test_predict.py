"""Prediction streams: in order, in chunks, and without reading ahead of them."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnnbuild.errors import DataError
from rnnbuild.inference import predict
from rnnbuild.inference.predict import answered_chunks, answers_to
from rnnbuild.inference.trained import Trained, trained
from rnnbuild.runs.directory import RunDirectory

WORDS = st.lists(st.sampled_from(("fine", "dull", "plot", "new", "...", "é")), max_size=12)


@pytest.fixture(scope="module")
def model(classify_run) -> Trained:
    return trained(RunDirectory(classify_run))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts=st.lists(WORDS.map(" ".join), min_size=1, max_size=20), rows=st.integers(1, 7))
def test_neither_chunks_nor_neighbours_change_an_answer(texts, rows, model):
    records = [{"n": number, "text": text} for number, text in enumerate(texts)]
    found = [row for chunk in answered_chunks(model, records, "text", rows) for row in chunk]
    assert [row["n"] for row in found] == list(range(len(texts)))
    for row in found:
        (alone,) = answers_to(model, [row["text"]])
        assert row["prediction"] == alone["prediction"]
        assert row["probability"] == pytest.approx(alone["probability"], abs=3e-6)


def test_no_more_rows_are_read_than_one_chunk_holds(model):
    read = 0

    def endless() -> Iterator[dict[str, str]]:
        nonlocal read
        while True:
            read += 1
            yield {"text": "fine"}

    chunks = answered_chunks(model, endless(), "text", rows=5)
    for number in range(1, 4):
        assert len(next(chunks)) == 5
        assert read == 5 * number


def test_of_long_texts_fewer_are_held_at_once(model, monkeypatch):
    monkeypatch.setattr(predict, "CHUNK_CHARACTERS", 40)
    records = [{"text": "fine " * 6}] * 5
    sizes = [len(chunk) for chunk in answered_chunks(model, records, "text")]
    assert sizes == [2, 2, 1]


def test_a_column_that_the_answer_would_overwrite_is_refused(model):
    with pytest.raises(DataError, match="`probability` already"):
        list(answered_chunks(model, [{"text": "fine", "probability": 1}], "text"))
