"""The bytes of generated rows, which records of runs have the hash of."""

import hashlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rnnbuild.data.bundled.content import content_of
from rnnbuild.data.bundled.registry import DATASETS
from rnnbuild.data.rows.rows import Rows, RowSplits
from rnnbuild.data.sequences.codec import SequenceRows, SequenceSplits
from tests.data.bundled.contents import made

SMALL = 300
GENERATED = [name for name, dataset in DATASETS.items() if dataset.is_generated]
DIGESTS = {
    "reviews": "2dd5ac87937b9adc",
    "intents": "0dc1ed5a2cb6391d",
    "amazon": "27ed1784602ceae2",
    "entities": "28e6c1ced30c4669",
    "parts-of-speech": "d67cc50afaa345b4",
    "addition": "9a262f9cbc3dddc4",
    "stocks": "e19fb817e8d22bbd",
    "mackey-glass": "bd359d3e735f5be5",
    "adding": "54b723858e83e907",
    "copy": "5bc878e708c52042",
    "reber": "27e541a3b9528c45",
    "parity": "ea69e7c19bb8892c",
    "brackets": "8fdb3e7a0f7edcff",
    "markov": "33a4fd5da6849c40",
}
"""Hashes as of the first version that recorded them. They may change only with the rows: another
form of the same rows would make every earlier run's data look changed."""


def content(data: Any) -> bytes:
    return b"".join(content_of(data))


@pytest.mark.parametrize("name", GENERATED)
def test_the_form_of_the_bytes_is_that_of_earlier_records(name):
    data = made(DATASETS[name], size=SMALL)
    assert hashlib.sha256(content(data)).hexdigest()[:16] == DIGESTS[name]


def test_text_and_tags_are_json_a_line_for_each_column():
    rows = Rows(["a b"], [("X", "Y")], [("a", "b")])
    splits = RowSplits("tag", "word", rows, None, Rows(["\ud800"], [("é",)]))
    assert content(splits).decode() == (
        '["train", "texts", ["a b"]]\n'
        '["train", "words", [["a", "b"]]]\n'
        '["train", "targets", [["X", "Y"]]]\n'
        '["test", "texts", ["\\ud800"]]\n'
        '["test", "words", []]\n'
        '["test", "targets", [["\\u00e9"]]]\n'
    )


@pytest.mark.parametrize("order", ["<f4", ">f4"])
def test_numbers_are_their_bytes_whatever_their_order_in_memory(order):
    values = np.arange(4).reshape(1, 2, 2)
    rows = SequenceRows(values.astype(order), np.ones((1, 1), order))
    strided = SequenceRows(np.asfortranarray(values.astype(order)), np.ones((1, 1), order))
    none = SequenceRows(values[:0].astype(order), np.ones((0, 1), order))
    numbers = np.array([0, 1, 2, 3], "<f4").tobytes()
    expected = (
        b'["train", "inputs", "<f4", [1, 2, 2]]\n'
        + numbers
        + b'["train", "targets", "<f4", [1, 1]]\n'
        + np.ones(1, "<f4").tobytes()
        + b'["validation", "inputs", "<f4", [1, 2, 2]]\n'
        + numbers
        + b'["validation", "targets", "<f4", [1, 1]]\n'
        + np.ones(1, "<f4").tobytes()
        + b'["test", "inputs", "<f4", [0, 2, 2]]\n'
        + b'["test", "targets", "<f4", [0, 1]]\n'
    )
    assert content(SequenceSplits(rows, strided, none)) == expected


def test_every_part_of_a_series_counts():
    data = made(DATASETS["stocks"], size=200)
    series = data.series
    values, dates = series.values.copy(), series.dates.copy()
    values[7] += 0.01
    dates[-1] += 1
    others = [
        replace(data, series=replace(series, values=values)),
        replace(data, series=replace(series, dates=dates)),
        replace(data, series=replace(series, dates=None)),
        replace(data, series=replace(series, names=("open",))),
        replace(data, series=replace(series, frequency=None)),
        replace(data, split=data.split.model_copy(update={"test": 0.3})),
    ]
    assert content(made(DATASETS["stocks"], size=200)) == content(data)
    assert len({content(data), *map(content, others)}) == 1 + len(others)
