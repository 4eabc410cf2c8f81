"""Answers of several models put together: by name, whatever numbers each model has for them."""

from itertools import pairwise
from types import MappingProxyType

import numpy as np
import pytest
from sklearn.metrics import f1_score

from rnnbuild.data.examples.encoded import UNSEEN, end_to_end
from rnnbuild.data.labelled_text.codec import LabelledTextCodec
from rnnbuild.data.pairs.codec import PairsCodec
from rnnbuild.data.text.tokeniser import Tokeniser
from rnnbuild.data.text.vocabulary import Vocabulary
from rnnbuild.inference.decoding.choices import CHOICE
from rnnbuild.inference.decoding.pooled import Pool, pooled_baselines
from rnnbuild.inference.decoding.table import decoder_of
from rnnbuild.metrics.classification import Classified
from rnnbuild.metrics.tagging import Tagged
from rnnbuild.metrics.tasks import scores
from rnnbuild.metrics.translation import Translated

WORDS = Vocabulary(("a", "b"))


def codec(*labels, task="classify", multi_label=False):
    return LabelledTextCodec(task, Tokeniser(), WORDS, labels, multi_label=multi_label)


def rows(targets, **more):
    offsets = np.arange(len(targets) + 1)
    return end_to_end(np.ones(len(targets), np.int32), offsets, np.asarray(targets), **more)


def names(numbers, labels):
    return [None if number == UNSEEN else labels[number] for number in numbers]


def test_labels_keep_their_names_though_models_number_them_differently():
    pool = Pool((codec("cat", "dog"), codec("ape", "dog", "cat")))
    encoded = pool.encoded([rows(np.int32([1, 2, 0])), rows(np.int32([UNSEEN, 1]))])
    # The first model has one unit, for its second label.
    outputs = pool.outputs(
        [np.float32([[0.2], [0.7], [0.6]]), np.float32([[0.5, 0.3, 0.2], [0.1, 0.2, 0.7]])]
    )
    answers = decoder_of(pool.codec).answers(encoded, outputs)
    assert pool.codec.labels == ("ape", "cat", "dog")
    assert names(answers.targets, answers.labels) == ["cat", "dog", "ape", None, "cat"]
    assert names(answers.predictions, answers.labels) == ["cat", "dog", "dog", "ape", "cat"]
    expected = [[0, 0.8, 0.2], [0, 0.3, 0.7], [0, 0.4, 0.6], [0.5, 0.2, 0.3], [0.1, 0.7, 0.2]]
    np.testing.assert_allclose(answers.probabilities, expected, atol=1e-7)


def test_a_label_that_one_model_lacks_is_one_label_in_the_score():
    pool = Pool((codec("cat", "dog"), codec("ape", "cat", "dog")))
    encoded = pool.encoded([rows(np.int32([1, 2, 0])), rows(np.int32([1, 2]))])
    # The first model cannot answer `ape`, and the second does where it should not.
    outputs = pool.outputs([np.float32([[0.2], [0.7], [0.6]]), np.float32([[0.8, 0.1, 0.1]] * 2)])
    answers = decoder_of(pool.codec).answers(encoded, outputs)
    targets, predictions = ["cat", "dog", "ape", "cat", "dog"], ["cat", "dog", "dog", "ape", "ape"]
    value = scores(answers)["macro_f1"].value
    assert value == pytest.approx(f1_score(targets, predictions, average="macro"))


def test_models_with_the_same_labels_keep_their_outputs_to_the_bit():
    pool = Pool((codec("cat", "dog"), codec("cat", "dog")))
    parts = [np.float32([[0.1]]), np.float32([[0.7], [0.3]])]
    outputs = pool.outputs(parts)
    assert outputs.dtype == np.float32
    assert np.array_equal(outputs, np.concatenate(parts))


def test_several_labels_a_row_are_columns_by_name():
    pool = Pool((codec("x", "y", multi_label=True), codec("y", "z", multi_label=True)))
    encoded = pool.encoded(
        [
            rows(np.float32([[1, 0, 1]]), unseen=np.int32([0])),
            rows(np.float32([[0, 1, 1]]), unseen=np.int32([1])),
        ]
    )
    outputs = pool.outputs([np.float32([[0.9, 0.6]]), np.float32([[0.2, 0.8]])])
    answers = decoder_of(pool.codec).answers(encoded, outputs)
    assert answers.actual.tolist() == [[True, False, True], [False, True, True]]
    assert answers.predicted.tolist() == [[True, True, False], [False, False, True]]
    assert answers.missing.tolist() == [0, 1]


def test_tags_stay_with_their_words():
    pool = Pool((codec("O", "city", task="tag"), codec("O", "name", "city", task="tag")))
    first = end_to_end(np.ones(3, np.int32), np.array([0, 2, 3]), np.int32([0, 1, 2]), True)
    second = end_to_end(np.ones(2, np.int32), np.array([0, 2]), np.int32([1, UNSEEN]), True)
    choices = [np.zeros(3, CHOICE), np.zeros(2, CHOICE)]
    choices[0]["label"], choices[1]["label"] = [0, 1, 1], [1, 2]
    answers = decoder_of(pool.codec).answers(pool.encoded([first, second]), pool.outputs(choices))
    assert answers.offsets.tolist() == [0, 2, 3, 5]
    assert names(answers.targets, answers.labels) == ["O", "city", "name", "city", None]
    assert names(answers.predictions, answers.labels) == ["O", "city", "city", "name", "city"]


def pairs_codec(*words, longest):
    return PairsCodec(Tokeniser(), WORDS, words, longest)


def test_a_text_is_written_as_its_own_model_writes_it_however_long_those_of_others_are():
    codecs = (pairs_codec("x", "y", longest=1), pairs_codec("z", "x", longest=3))
    pool = Pool(codecs)
    choices = [np.zeros((2, 2), CHOICE), np.zeros((1, 4), CHOICE)]
    # The first row has no end within its model's steps: it is cut before the last one.
    choices[0]["label"], choices[1]["label"] = [[2, 2], [1, 0]], [[1, 2, 2, 0]]
    targets = [np.int32([[1, 0], [2, 0]]), np.int32([[2, 0, UNSEEN, UNSEEN]])]
    encoded = pool.encoded([rows(each) for each in targets])
    answers = decoder_of(pool.codec).answers(encoded, pool.outputs(choices))

    def texts(ids, offsets, of):
        return [of.text_of(ids[start:end].tolist()) for start, end in pairwise(offsets)]

    own = [
        text
        for one, part, target in zip(codecs, choices, targets, strict=True)
        for each in [decoder_of(one).answers(rows(target), part)]
        for text in texts(each.predictions, each.prediction_offsets, one)
    ]
    assert own == ["y", "x", "z x x"]
    assert texts(answers.predictions, answers.prediction_offsets, pool.codec) == own
    assert texts(answers.targets, answers.target_offsets, pool.codec) == ["x", "y", "x"]


def test_trivial_answers_are_pooled_by_method_and_those_that_some_lack_are_not():
    labels = (("cat", "dog"), ("dog", "emu"))
    pool = Pool(tuple(codec(*each) for each in labels))
    first, second = (
        Classified(np.array([0, 1]), np.array([1, 1]), each, np.eye(2)) for each in labels
    )
    pooled = pooled_baselines(
        pool,
        [MappingProxyType({"majority": first, "other": first}), {"majority": second}],
        rows(np.int32([0, 2, 1, 2])),
    )
    assert list(pooled) == ["majority"]
    answers = pooled["majority"]
    # The first method was fitted without `emu`, which counts as itself all the same.
    assert names(answers.targets, answers.labels) == ["cat", "emu", "dog", "emu"]
    assert names(answers.predictions, answers.labels) == ["dog", "dog", "emu", "emu"]
    assert answers.probabilities.tolist() == [[1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1]]


def test_a_word_that_no_target_has_is_matched_by_none_of_any_model():
    pool = Pool((pairs_codec("x", longest=1), pairs_codec("y", "z", "x", longest=1)))
    # Each model's own number for such a word is the one after its last.
    parts = [
        Translated(np.array([1]), np.array([0, 1]), np.array([unknown]), np.array([0, 1]))
        for unknown in (2, 4)
    ]
    pooled = pool.answers(parts, rows(np.int32([[1, 0], [2, 0]])))
    assert pool.codec.target_words == ("x", "y", "z")
    assert pooled.targets.tolist() == [1, 2]
    assert pooled.predictions.tolist() == [4, 4]


def test_answers_without_probabilities_stay_without():
    pool = Pool((codec("cat", "dog"),) * 2)
    bare = Classified(np.array([0]), np.array([1]), ("cat", "dog"))
    assert pool.answers([bare, bare], rows(np.int32([0, 0]))).probabilities is None


def test_trivial_tags_are_laid_end_to_end():
    pool = Pool((codec("O", task="tag"), codec("O", task="tag")))
    tags = Tagged(np.array([0, 0]), np.array([0, 0]), np.array([0, 1, 2]), ("O",))
    both = end_to_end(np.ones(4, np.int32), np.arange(5), np.zeros(4, np.int32), True)
    assert pool.answers([tags, tags], both).offsets.tolist() == [0, 1, 2, 3, 4]
