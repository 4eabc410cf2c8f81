"""Sequences of numbers with a target each: batches, trivial answer, codec."""

import numpy as np
import pytest

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.bundled import registry
from rnnbuild.data.bundled.card import Card, Dataset
from rnnbuild.data.codecs import codec_from_json
from rnnbuild.data.examples.batches import make_batch
from rnnbuild.data.load import load_data
from rnnbuild.data.sequences.codec import SequenceRows, SequencesCodec, SequenceSplits
from rnnbuild.data.sequences.load import load_sequences
from rnnbuild.errors import DataError
from rnnbuild.metrics.tasks import scores
from rnnbuild.tasks.facts import DataFacts


def rows(count: int, seed: int) -> SequenceRows:
    generator = np.random.default_rng(seed)
    inputs = generator.random((count, 5, 2), np.float32)
    return SequenceRows(inputs, inputs[:, 0, :1] + inputs[:, 3, :1])


@pytest.fixture
def splits() -> SequenceSplits:
    return SequenceSplits(rows(20, 1), rows(4, 2), rows(6, 3))


def test_batches_contain_the_sequences_and_targets_as_they_are(splits):
    loaded = load_sequences(splits, DataConfig())
    assert loaded.facts == DataFacts("forecast", columns=2, outputs=1, longest=5, rows=(20, 4, 6))
    chosen = np.array([3, 0])
    batch = make_batch(loaded.train, chosen)
    np.testing.assert_array_equal(batch.inputs, splits.train.inputs[chosen])
    np.testing.assert_array_equal(batch.targets, splits.train.targets[chosen])
    np.testing.assert_array_equal(batch.weights, [1, 1])


def test_the_trivial_answer_is_the_mean_of_the_training_targets(splits):
    (answers,) = load_sequences(splits, DataConfig()).baselines("test").values()
    errors = splits.test.targets - splits.train.targets.mean()
    assert scores(answers)["mse"].value == pytest.approx(np.square(errors).mean())


def test_a_codec_comes_back_from_its_json():
    codec = SequencesCodec(5, 2, 1)
    assert codec_from_json(codec.to_json()) == codec


def test_sequences_are_read_from_json():
    encoded = SequencesCodec(2, 2, 1).encode_texts(["[[0.5, 1], [2, 0]]", "[[0, 0], [1, 1]]"])
    np.testing.assert_array_equal(encoded.values, [[0.5, 1], [2, 0], [0, 0], [1, 1]])
    np.testing.assert_array_equal(encoded.starts, [0, 2])


@pytest.mark.parametrize("text", ["[[1, 2]]", "[1, 2]", "1", "a", '[["a", 1], [1, 1]]', "[[1], 2]"])
def test_a_sequence_of_another_shape_is_refused_by_its_number(text):
    with pytest.raises(DataError, match=r"input 2 is .*2 steps of 2 numbers"):
        SequencesCodec(2, 2, 1).encode_texts(["[[0, 0], [1, 1]]", text])


@pytest.mark.parametrize("number", ["3.5e38", "-1e39", "1e400", "NaN", "1" + "0" * 400])
def test_a_number_that_no_float32_holds_is_refused_by_its_input(number):
    codec = SequencesCodec(2, 2, 1)
    with pytest.raises(DataError, match="input 2 "):
        codec.encode_texts(["[[0, 0], [1, 1]]", f"[[0, {number}], [1, 1]]"])
    largest = codec.encode_texts(["[[3.4e38, -3.4e38], [1e-60, 1]]"]).values
    np.testing.assert_array_equal(largest, np.array([[3.4e38, -3.4e38], [0, 1]], np.float32))


def test_a_dataset_of_numbers_takes_no_options_of_text(splits, monkeypatch, tmp_path):
    card = Card("sums", "forecast", None, "", (20, 4, 6), "", "", "", "")
    dataset = Dataset(card, lambda: splits, ())
    monkeypatch.setattr(registry, "DATASETS", {"sums": dataset})
    assert load_data(DataConfig(dataset="sums"), tmp_path).facts.columns == 2
    with pytest.raises(DataError, match=r"`max_length` is for text"):
        load_data(DataConfig(dataset="sums", max_length=3), tmp_path)
