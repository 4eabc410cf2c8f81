"""Text becomes the ids that Keras' TextVectorization makes of it, and the run's words its words."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnbuild.adoption.adopt import adopt
from rnnbuild.adoption.codec import Wishes
from rnnbuild.adoption.reading import adoptable_model
from rnnbuild.data.text.encoder import TextEncoder
from rnnbuild.data.text.tokeniser import Tokeniser
from rnnbuild.data.text.vocabulary import Vocabulary
from rnnbuild.errors import ArgumentError, RunError
from rnnbuild.inference.opening import open_trained_run
from rnnbuild.models.framework import keras, tf
from tests.adoption.foreign_models import (
    L,
    binary,
    changed_config,
    ids,
    saved,
    tags,
    with_spread_weights,
)
from tests.small_runs import reviews

TEXTS = [
    *(text for text, _ in reviews(40)),
    "It's a well-known plot -- isn't it?! (Yes.)",
    "  spaces,\ttabs\nand   CAPITALS  ",
    "...",
    "",
    "“Curly” – dashes… naïve café",
    "a\x1cb c\x0bd",
]
SETTINGS: list[dict[str, Any]] = [
    {},
    {"standardize": "lower"},
    {"standardize": "strip_punctuation"},
    {"standardize": None},
    {"split": "character"},
    {"split": "character", "standardize": None},
]


def reader(**settings: Any) -> Any:
    layer = L.TextVectorization(**settings)
    layer.adapt(TEXTS)
    return layer


def model_of_texts(layer: Any) -> Any:
    size = layer.vocabulary_size()
    embedding = L.Embedding(size, 4, mask_zero=True)
    model = keras.Sequential(
        [keras.Input((1,), dtype="string"), layer, embedding, L.GRU(4), binary()]
    )
    return with_spread_weights(model)


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_text_becomes_the_ids_that_keras_makes_of_it(
    settings: dict[str, Any], tmp_path: Path
) -> None:
    # Keras writes a word a line, and so cannot read again a vocabulary with a line feed. White
    # space that only Python takes for such is left to the test of rows read together.
    texts = [text.replace("\n", " ") for text in TEXTS if "\x1c" not in text]
    layer = L.TextVectorization(**settings)
    layer.adapt(texts)
    path = saved(model_of_texts(layer), tmp_path / "theirs.keras", compiled=False)
    codec: Any = adoptable_model(path, Wishes()).codec
    encoded = codec.encode_texts(texts)
    for text, start, length in zip(texts, encoded.starts, encoded.lengths, strict=True):
        theirs = np.asarray(layer([text]))[0]
        ours = encoded.values[start : start + length]
        # Keras makes nothing but padding of a text without words, which here is an unknown word.
        assert ours.tolist() == (theirs[theirs > 0].tolist() or [1]), text


def test_a_model_of_texts_answers_as_in_keras(tmp_path: Path) -> None:
    layer = reader(output_sequence_length=6, max_tokens=20)
    path = saved(model_of_texts(layer), tmp_path / "theirs.keras")
    adoptable = adoptable_model(path, Wishes(labels=("bad", "good")))
    done = adopt(adoptable, tmp_path / "run")
    texts = [text for text, _ in reviews(30, seed=9)]
    answers = open_trained_run(done.run).predict(texts)
    theirs = np.asarray(keras.saving.load_model(path)(tf.constant(texts)[:, None]))[:, 0]
    for answer, probability in zip(answers, theirs, strict=True):
        label = "good" if probability > 0.5 else "bad"
        assert answer.prediction == label
        assert answer.probability == pytest.approx(max(probability, 1 - probability), abs=1e-5)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"ngrams": 2}, "`ngrams: 2`"),
        ({"standardize": keras.ops.identity}, "`standardize: identity`"),
    ],
)
def test_other_ways_of_splitting_text_are_refused(
    settings: dict[str, Any], said: str, tmp_path: Path
) -> None:
    layer = L.TextVectorization(vocabulary=["a", "b"], **settings)
    path = saved(model_of_texts(layer), tmp_path / "theirs.keras", compiled=False)
    with pytest.raises(RunError, match=said):
        adoptable_model(path, Wishes())


@pytest.mark.parametrize("head", ["", "\n[UNK]\n", "[UNK]\n"])
def test_a_vocabulary_may_begin_with_padding_and_the_unknown_word(
    head: str, tmp_path: Path
) -> None:
    path = saved(ids(L.GRU(3), binary()), tmp_path / "theirs.keras")
    (tmp_path / "words.txt").write_text(f"{head}the\nplot\ndon't\n")
    codec: Any = adoptable_model(path, Wishes(vocabulary=tmp_path / "words.txt")).codec
    assert codec.encode_texts(["The plot, don't!"]).values.tolist() == [2, 3, 1, 4, 1]

    (tmp_path / "words.txt").write_text(f"{head}the\nplot\ndont\n")
    codec = adoptable_model(path, Wishes(vocabulary=tmp_path / "words.txt")).codec
    assert codec.encode_texts(["The plot, don't!"]).values.tolist() == [2, 3, 4]


def test_without_a_vocabulary_words_are_the_ids_themselves(tmp_path: Path) -> None:
    path = saved(ids(L.GRU(3, return_sequences=True), tags(3)), tmp_path / "theirs.keras")
    adoptable = adoptable_model(path, Wishes())
    assert any("the words are the ids themselves" in note for note in adoptable.notes)
    codec: Any = adoptable.codec
    assert codec.encode_texts(["17 5 39 1 40"]).values.tolist() == [17, 5, 39, 1, 1]


@pytest.mark.parametrize("punctuation", ["attached", "stripped"])
@pytest.mark.parametrize("level", ["word", "character"])
def test_rows_read_together_are_those_of_the_tokeniser(punctuation: Any, level: Any) -> None:
    tokeniser = Tokeniser(level, True, punctuation=punctuation)
    words = sorted({word for text in TEXTS for word in tokeniser.tokens(text)} - {""})
    vocabulary = Vocabulary(tuple(words))
    values, offsets = TextEncoder(tokeniser, vocabulary).ids_of(TEXTS)
    for number, text in enumerate(TEXTS):
        together = values[offsets[number] : offsets[number + 1]].tolist()
        assert together == vocabulary.lookup(tokeniser.tokens(text)).tolist()


def test_words_of_a_file_end_at_line_feeds_alone(tmp_path: Path) -> None:
    path = saved(ids(L.GRU(3), binary()), tmp_path / "theirs.keras")
    words = ["one", "great\x85movie", "a\u2028b", "x\x0by", "p\x1cq", "last"]
    for end in ("\n", "\r\n"):
        (tmp_path / "words.txt").write_bytes(end.join(["", "[UNK]", *words, ""]).encode())
        codec: Any = adoptable_model(path, Wishes(vocabulary=tmp_path / "words.txt")).codec
        assert codec.vocabulary.words == tuple(words)


def test_letters_that_keras_leaves_as_they_are_are_noted(tmp_path: Path) -> None:
    texts = ["caf\u00e9 \u00c9t", "plain cafe\u0301"]
    layer = L.TextVectorization()
    layer.adapt(texts)
    path = saved(model_of_texts(layer), tmp_path / "theirs.keras", compiled=False)
    adoptable = adoptable_model(path, Wishes())
    theirs, codec = np.asarray(layer(["CAF\u00c9 caf\u00e9"]))[0], adoptable.codec
    ours = codec.encode_texts(["CAF\u00c9 caf\u00e9"]).values  # type: ignore[attr-defined]
    assert theirs[0] == 1 and ours[0] == theirs[1] > 1  # which is why
    noted = "\n".join(adoptable.notes)
    assert "letters beyond ASCII: capitals become small letters" in noted
    assert "2 words of the vocabulary" in noted  # the capital, and the combining mark

    path = saved(ids(L.GRU(3), binary()), tmp_path / "ids.keras")
    (tmp_path / "words.txt").write_text("caf\u00e9\n")
    named = adoptable_model(path, Wishes(vocabulary=tmp_path / "words.txt"))
    assert any("letters beyond ASCII" in note for note in named.notes)
    (tmp_path / "words.txt").write_text("cafe\n")
    named = adoptable_model(path, Wishes(vocabulary=tmp_path / "words.txt"))
    assert not any("letters beyond ASCII" in note for note in named.notes)


def test_a_word_that_is_no_text_is_refused(tmp_path: Path) -> None:
    layer = L.TextVectorization(vocabulary=["a", "b"])
    path = saved(model_of_texts(layer), tmp_path / "theirs.keras", compiled=False)

    def change(config: dict[str, Any]) -> None:
        config["config"]["layers"][1]["config"]["vocabulary"] = ["a", "\ud800"]

    with pytest.raises(ArgumentError, match="whose word 1 is not Unicode text"):
        adoptable_model(changed_config(path, change), Wishes())


def test_texts_of_more_words_than_fit_into_memory_are_refused(tmp_path: Path) -> None:
    layer = reader(output_sequence_length=6)
    path = saved(model_of_texts(layer), tmp_path / "theirs.keras", compiled=False)

    def change(config: dict[str, Any]) -> None:
        config["config"]["layers"][1]["config"]["output_sequence_length"] = 10**9

    with pytest.raises(RunError, match="rows of more than 100,000 steps"):
        adoptable_model(changed_config(path, change), Wishes())
