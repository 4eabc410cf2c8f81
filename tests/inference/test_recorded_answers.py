"""Which rows a run keeps the answers to, where there are more than there is room for."""

import gzip
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnbuild.config.load import config_of
from rnnbuild.data.kind.loaded import Loaded
from rnnbuild.data.load import load_data
from rnnbuild.inference import recorded_answers as recording
from rnnbuild.inference.decoding.choices import CHOICE
from rnnbuild.inference.decoding.table import decoder_of
from rnnbuild.inference.recorded_answers import recorded_answers
from rnnbuild.runs.answers_file import ANSWERS, NumberAnswers, SplitAnswers, uncompressed_size

LAYERS = {"layers": [{"cell": "gru", "units": 2}]}


def loaded(data: dict[str, Any], embeds: bool = True) -> Loaded:
    model = LAYERS | ({"embedding": {"output_dim": 2}} if embeds else {})
    config = config_of({"data": data, "model": model})
    assert config.data is not None
    return load_data(config.data, Path(), config.task)


@pytest.fixture(scope="module")
def names() -> Loaded:
    return loaded({"dataset": "languages"})


@pytest.fixture(scope="module")
def series() -> Loaded:
    return loaded({"dataset": "co2", "window": 12, "horizon": 6}, embeds=False)


def record_of(data: Loaded, seed: int = 0) -> SplitAnswers:
    """That of random answers."""
    decoder, rows = decoder_of(data.codec), len(data.test)
    if data.facts.longest_target is not None:  # the end mark at once
        choices = np.zeros((rows, data.facts.longest_target + 1), CHOICE)
        return recorded_answers(data, "test", decoder, decoder.answers(data.test, choices), choices)
    outputs = np.random.default_rng(seed).random(
        (rows, data.facts.outputs or len(data.facts.labels))
    )
    outputs = (outputs / outputs.sum(axis=1, keepdims=True)).astype(np.float32)
    return recorded_answers(data, "test", decoder, decoder.answers(data.test, outputs), outputs)


def with_limits(monkeypatch: pytest.MonkeyPatch, **limits: int) -> None:
    for name, value in limits.items():
        monkeypatch.setattr(recording, name, value)


def test_all_rows_are_kept_where_there_is_room(names: Loaded) -> None:
    record = record_of(names)
    assert record.rows is None
    assert record.count == len(names.test) == len(record.digests)
    assert record.texts[:9] == tuple(names.row_text("test", row)[:240] for row in range(9))


@pytest.mark.parametrize("limit", [60_000, 200_000])
def test_a_file_is_never_larger_than_its_limit_and_nearly_so(
    limit: int, names: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_limits(monkeypatch, MOST_BYTES=limit)
    record = record_of(names)
    assert 0.8 * limit < uncompressed_size(record) <= limit
    assert record.rows is not None
    assert len(record.rows) < record.count == len(names.test)


def test_of_two_samples_the_smaller_is_a_part_of_the_larger(
    names: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that two runs can be compared, whose records differ in the size of a row."""
    samples = []
    for rows in (500, 900):
        with_limits(monkeypatch, MOST_ROWS=rows)
        samples.append(record_of(names, seed=rows))
    small, large = samples
    assert small.rows is not None
    assert large.rows is not None
    assert (len(small.rows), len(large.rows)) == (500, 900)
    assert list(small.rows) == sorted(small.rows)
    digests = dict(zip(large.rows, large.digests, strict=True))
    assert all(
        digests[row] == digest for row, digest in zip(small.rows, small.digests, strict=True)
    )
    # Rows of all of the split, as a sample has them.
    assert np.mean(small.rows) == pytest.approx(len(names.test) / 2, rel=0.15)


def test_a_sample_has_the_answers_to_its_rows(
    names: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = record_of(names)
    with_limits(monkeypatch, MOST_ROWS=300)
    sample = record_of(names)
    places = [row - 1 for row in sample.rows or ()]
    for key in ("targets", "predictions", "probabilities"):
        every: Sequence[Any] = getattr(whole.answers, key, None) or ()
        kept: Sequence[Any] = getattr(sample.answers, key, None) or ()
        assert list(kept) == ([every[place] for place in places] if every else [])
    assert list(sample.lengths) == [whole.lengths[place] for place in places]


def test_of_a_series_the_last_windows_are_kept_in_their_order(
    series: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = len(series.test)
    with_limits(monkeypatch, MOST_ROWS=count - 10)
    record = record_of(series)
    assert record.rows == tuple(range(11, count + 1))
    assert isinstance(record.answers, NumberAnswers)
    assert record.answers.dates is not None
    assert list(record.answers.dates) == sorted(record.answers.dates)


def test_with_many_numbers_a_row_its_first_ones_are_kept_and_the_errors_of_all(
    series: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = record_of(series).answers
    rows = len(series.test)
    monkeypatch.setattr("rnnbuild.inference.decoding.sequences.MOST_NUMBERS", 2 * rows)
    cut = record_of(series).answers
    assert isinstance(whole, NumberAnswers)
    assert isinstance(cut, NumberAnswers)
    assert cut.targets == tuple(row[:2] for row in whole.targets)
    assert cut.predictions == tuple(row[:2] for row in whole.predictions)
    assert (cut.errors, cut.outputs) == (whole.errors, whole.outputs)


@pytest.mark.parametrize("dataset", ["languages", "dates"])
def test_another_config_of_the_same_data_has_the_same_rows(dataset: str) -> None:
    """Its vocabulary is another, its texts are cut, and its targets have unknown characters."""
    known = record_of(loaded({"dataset": dataset}))
    cut = record_of(loaded({"dataset": dataset, "vocabulary": {"size": 9}, "max_length": 3}))
    assert cut.digests == known.digests
    assert cut.lengths != known.lengths
    assert len(set(known.digests)) > 0.9 * known.count


def test_a_file_is_smaller_than_the_limit_even_where_its_text_hardly_repeats() -> None:
    generator = np.random.default_rng(1)
    rows = 2000
    characters = generator.integers(0x4E00, 0x9FFF, (rows, 240))
    texts = tuple("".join(map(chr, row)) for row in characters)
    record = replace(
        record_of(loaded({"dataset": "reber", "size": 40})),
        scored_as="forecast",
        count=rows,
        texts=texts,
        digests=tuple(f"{value:016x}" for value in generator.integers(2**60, size=rows)),
        lengths=(240,) * rows,
        answers=NumberAnswers(
            names=(),
            outputs=1,
            targets=tuple((value,) for value in generator.random(rows).tolist()),
            predictions=tuple((value,) for value in generator.random(rows).tolist()),
            errors={"squared_errors": (0.0,) * rows},
        ),
    )
    text = ANSWERS.line(record).encode()
    assert len(gzip.compress(text, 3)) < 0.75 * len(text)
