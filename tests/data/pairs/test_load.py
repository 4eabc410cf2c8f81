"""Loading pairs of texts: the facts, and what is odd in them."""

import pytest

from rnnbuild.data.pairs.ends import up_to_end
from rnnbuild.errors import DataError
from tests.data.pairs.rows import loaded

TRAIN = {"the red cat": "le chat rouge", "the cat": "le chat", "a dog runs": "un chien", "": "rien"}
TEST = {"the blue cat": "le chat bleu", "dog": "un chien et un chat", "the cat": ""}


def test_facts_are_those_of_the_training_split():
    facts = loaded(TRAIN, TEST).facts
    assert facts.task == "translate"
    assert facts.longest == 3
    assert facts.longest_target == 3
    assert facts.target_vocabulary_size == 7
    assert facts.rows == (4, 0, 3)


def test_what_is_odd_is_counted_and_said():
    notes = loaded(TRAIN, TEST, max_length=2).notes
    assert "train: 1 empty source is read as one unknown word" in notes
    assert "test: 1 empty target is an end mark and nothing else" in notes
    assert "train: 2 of 4 sources are cut to 2 words, which removes 22.2 % of all words" in notes
    longer = "test: 1 of 3 targets is longer than any in training (3 words) and counts as a miss"
    assert any(note.startswith(longer) for note in notes)
    assert any(note.startswith("test: 2 of 3 targets have a word that") for note in notes)
    assert "test: 1 of 3 sources appears verbatim in the training split" in notes


def test_one_long_target_is_pointed_out():
    train = {f"number {n}": "one word" for n in range(200)}
    assert loaded(train).notes == ()
    (note,) = loaded(train | {"long": "word " * 50}).notes
    assert "99 % of the targets have at most 2 steps, but the longest has 50" in note


def test_an_empty_target_is_its_end_mark_alone():
    tokens, offsets = up_to_end(loaded(TRAIN, {"a": ""}).test.targets)
    assert (len(tokens), offsets.tolist()) == (0, [0, 0])


def test_targets_without_any_text_are_refused():
    with pytest.raises(DataError, match="nothing to write"):
        loaded({"a": "", "b": " "})


def test_a_row_is_shown_by_its_source():
    assert loaded(TRAIN, TEST).row_text("test", 1) == "dog"
