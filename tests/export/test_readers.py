"""An export's readers beside the codecs and decoders of every kind, whatever their options."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.data.labelled_text.codec import LabelledTextCodec
from rnnbuild.data.pairs.codec import PairsCodec
from rnnbuild.data.text.tokeniser import Tokeniser
from rnnbuild.data.text.vocabulary import Vocabulary
from rnnbuild.export.program.series import SeriesReader
from rnnbuild.export.program.text import TextReader
from rnnbuild.export.program.translation import TranslationReader
from rnnbuild.inference.decoding.choices import choices_of
from rnnbuild.inference.decoding.table import decoder_of
from rnnbuild.inference.stream.table import step_reader_of
from tests.data.series.test_codec import CHAINS, folder, loaded  # noqa: F401
from tests.export.test_program import TEXTS, assert_alike

WORDS = ("the", "Plot", "plot", "é", "it's", "1984", "...", "a", "b", "İ", "new")
SHAPES = ("00", "X", "Xx", "x", "x-ing", "x-ng")
LABELS = ("no", "yes", "perhaps")
OPTIONS = {
    "max_length": st.none() | st.integers(1, 4),
    "truncate": st.sampled_from(["end", "start"]),
}
VOCABULARIES = st.builds(
    Vocabulary, st.sampled_from([WORDS, WORDS[::2]]), st.sampled_from([(), SHAPES])
)
ROWS = st.lists(
    TEXTS | st.sampled_from(["1999", "Walking", "NASA", '["new york", "a"]']), max_size=4
)
SEEDS = st.integers(0, 1000)


def rows_of(encoded) -> list[list]:
    parts = zip(encoded.starts.tolist(), encoded.lengths.tolist(), strict=True)
    return [encoded.values[start : start + size].tolist() for start, size in parts]


def probabilities(seed: int, *shape: int) -> np.ndarray:
    raised = np.exp(np.random.default_rng(seed).normal(size=shape))
    return (raised / raised.sum(axis=-1, keepdims=True)).astype(np.float32)


def answers_of(codec, texts, encoded, outputs) -> list:
    return decoder_of(codec).predictions(texts, encoded, outputs)


@settings(max_examples=150)
@given(
    codec=st.builds(
        LabelledTextCodec,
        task=st.just("classify"),
        tokeniser=st.builds(Tokeniser, st.sampled_from(["word", "character"]), st.booleans()),
        vocabulary=VOCABULARIES,
        labels=st.sampled_from([LABELS, LABELS[:2]]),
        multi_label=st.booleans(),
        **OPTIONS,
    ),
    texts=ROWS,
    seed=SEEDS,
    single=st.booleans(),
)
def test_texts_with_labels(codec, texts, seed, single) -> None:
    reader, encoded = TextReader(json.loads(codec.to_json())), codec.encode_texts(texts)
    assert [reader.rows(text)[0].tolist() for text in texts] == rows_of(encoded)
    units = 1 if single and len(codec.labels) == 2 and not codec.multi_label else len(codec.labels)
    outputs = probabilities(seed, len(texts), len(LABELS))[:, :units]
    ours = [reader.answer(text, [row]) for text, row in zip(texts, outputs, strict=True)]
    assert_alike(ours, answers_of(codec, texts, encoded, outputs))


@settings(max_examples=100)
@given(
    codec=st.builds(
        LabelledTextCodec,
        task=st.just("tag"),
        tokeniser=st.builds(Tokeniser, st.just("word"), st.booleans(), st.just(True)),
        vocabulary=VOCABULARIES,
        labels=st.just(LABELS),
        **OPTIONS,
    ),
    texts=ROWS,
    seed=SEEDS,
)
def test_words_with_tags(codec, texts, seed) -> None:
    reader, encoded = TextReader(json.loads(codec.to_json())), codec.encode_texts(texts)
    assert [reader.rows(text)[0].tolist() for text in texts] == rows_of(encoded)
    outputs = probabilities(seed, int(encoded.lengths.sum()), len(LABELS))
    parts = np.split(outputs, encoded.offsets[1:-1])
    ours = [reader.answer(text, [part]) for text, part in zip(texts, parts, strict=False)]
    choices = choices_of(outputs, encoded.targets)
    assert_alike(ours, answers_of(codec, texts, encoded, choices))


@settings(max_examples=100)
@given(
    codec=st.builds(
        PairsCodec,
        tokeniser=st.builds(Tokeniser, st.sampled_from(["word", "character"]), st.booleans()),
        vocabulary=st.builds(Vocabulary, st.just(WORDS)),
        target_words=st.just(("rot", "blau")),
        longest_target=st.integers(0, 5),
        reverse=st.booleans(),
        **OPTIONS,
    ),
    texts=ROWS,
    seed=SEEDS,
)
def test_texts_that_are_written_anew(codec, texts, seed) -> None:
    reader, encoded = TranslationReader(json.loads(codec.to_json())), codec.encode_texts(texts)
    assert [reader.rows(text)[0].tolist() for text in texts] == rows_of(encoded)
    outputs = probabilities(seed, len(texts), codec.steps, codec.target_size)
    ours = [reader.answer(text, [part]) for text, part in zip(texts, outputs, strict=True)]
    choices = choices_of(outputs, encoded.targets)
    assert_alike(ours, answers_of(codec, texts, encoded, choices))


@pytest.mark.parametrize("dates", [True, False])
@pytest.mark.parametrize("keys", CHAINS)
def test_series_in_every_window(keys, dates, folder) -> None:  # noqa: F811
    codec = loaded(folder, **keys).codec
    if not dates:
        codec = replace(codec, end=replace(codec.end, dates=None, frequency=None))
    reader = SeriesReader(json.loads(codec.to_json()))
    window = codec.last_window(codec.end)
    read = np.array(
        [
            window.values[start : start + size]
            for start, size in zip(window.starts.tolist(), window.lengths.tolist(), strict=True)
        ]
    )
    for given_input in (None, codec.end.values.tolist()):
        np.testing.assert_allclose(np.array(reader.rows(given_input)), read, rtol=1e-6)
    outputs = np.random.default_rng(3).normal(size=(len(read), codec.shape.outputs))
    outputs = outputs.astype(np.float32)
    theirs = answers_of(codec, [codec.end], window, outputs)
    assert_alike(reader.answer(None, list(outputs)), theirs)


@pytest.mark.parametrize("keys", [keys for keys in CHAINS if "subtract" not in keys])
def test_series_step_by_step(keys, folder) -> None:  # noqa: F811
    """A model whose outputs are what it read last, so that both have to read the same."""
    codec = loaded(folder, **keys).codec
    reader, theirs = SeriesReader(json.loads(codec.to_json())), step_reader_of(codec)
    assert theirs is not None and reader.step_rows == theirs.rows
    values = codec.end.values

    def advance(inputs):
        return np.resize(inputs, (len(inputs), codec.shape.outputs)).astype(np.float32)

    ours_recent, recent = None, np.empty((0, 0))
    for count, step in enumerate(values.tolist(), 1):
        line = " ".join(map(repr, step))
        (own,) = reader.steps(line)
        ours, ours_recent = reader.step_answer(own, count, ours_recent, advance)
        expected, recent = theirs.answer(step, count, recent, advance)
        assert_alike(ours, expected)
