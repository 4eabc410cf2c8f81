"""Scores of entities against conlleval and a case worked by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.metrics.by_label import scores_by_entity_type
from rnnbuild.metrics.entities import ENTITY_F1, entity_counts
from rnnbuild.metrics.scoring import evaluate, tabulate
from rnnbuild.metrics.spans import find_spans
from rnnbuild.metrics.tagging import Tagged
from rnnbuild.metrics.tasks import scores
from rnnbuild.tasks.tag import entity_types, mark_entities
from tests.metrics.conlleval import conlleval

LABELS = ("O", *(f"{prefix}-{kind}" for prefix in "BIES" for kind in ("LOC", "PER")))
BIO = ("O", "B-LOC", "I-LOC", "B-PER", "I-PER")


def tagged(sentences, labels=LABELS):
    """Sentences of (gold, guessed) names; ? is unseen in train."""
    number = {label: place for place, label in enumerate(labels)} | {"?": -1}
    pairs = [(number[gold], number[guess]) for sentence in sentences for gold, guess in sentence]
    targets, predictions = np.array(pairs, dtype=int).reshape(-1, 2).T
    offsets = np.cumsum([0, *map(len, sentences)])
    return Tagged(targets, predictions, offsets, labels)


def sentence(gold, guessed):
    return list(zip(gold.split(), guessed.split(), strict=True))


def spans(tags, labels=LABELS):
    numbers = np.array([labels.index(tag) for tag in tags.split()], dtype=int)
    found = find_spans(numbers, np.array([0, len(numbers)]), labels)
    types = [entity_types(labels)[kind] for kind in found.types]
    return list(zip(found.starts.tolist(), found.ends.tolist(), types, strict=True))


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("B-PER I-PER O B-LOC", [(0, 1, "PER"), (3, 3, "LOC")]),
        ("B-PER B-PER I-PER", [(0, 0, "PER"), (1, 2, "PER")]),
        # IOB1: I- begins an entity, B- only parts two neighbours of one type.
        ("I-PER I-PER O I-LOC", [(0, 1, "PER"), (3, 3, "LOC")]),
        ("I-PER B-PER I-PER", [(0, 0, "PER"), (1, 2, "PER")]),
        # Sequences that no scheme allows are read, never refused.
        ("O I-PER", [(1, 1, "PER")]),
        ("B-PER I-LOC", [(0, 0, "PER"), (1, 1, "LOC")]),
        ("I-PER I-LOC I-PER", [(0, 0, "PER"), (1, 1, "LOC"), (2, 2, "PER")]),
        # IOBES
        ("S-PER B-LOC I-LOC E-LOC", [(0, 0, "PER"), (1, 3, "LOC")]),
        ("S-PER S-PER", [(0, 0, "PER"), (1, 1, "PER")]),
        ("B-PER S-PER", [(0, 0, "PER"), (1, 1, "PER")]),
        ("E-PER E-PER", [(0, 0, "PER"), (1, 1, "PER")]),
        ("O E-PER I-PER", [(1, 1, "PER"), (2, 2, "PER")]),
        ("S-PER I-PER", [(0, 0, "PER"), (1, 1, "PER")]),
        ("B-PER E-LOC", [(0, 0, "PER"), (1, 1, "LOC")]),
        ("O O", []),
        ("", []),
    ],
)
def test_entities_begin_and_end_where_conlleval_says(tags, expected):
    assert spans(tags) == expected


@pytest.mark.parametrize(
    "tags", ["{p}-{t}", "{p}_{t}", "{t}-{p}", "{t}_{p}"], ids=["B-X", "B_X", "X-B", "X_B"]
)
@pytest.mark.parametrize("letters", ["BIES", "BILU", "BMES"])
def test_entities_are_the_same_however_tags_are_written(tags, letters):
    usual = ["S-PER", "O", "B-LOC", "I-LOC", "E-LOC", "B-PER", "E-PER", "I-LOC", "S-LOC"]
    written = dict(zip("BIES", letters, strict=True)) | {"O": "O"}

    def form(label):
        letter, _, kind = label.partition("-")
        return tags.format(p=written[letter], t=kind) if kind else label

    labels = tuple(map(form, LABELS))
    assert mark_entities(labels)
    assert spans(" ".join(map(form, usual)), labels) == spans(" ".join(usual))


@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), max_size=8),
        min_size=1,
        max_size=6,
    )
)
@settings(deadline=None, max_examples=300)
def test_counts_are_those_of_conllevals_single_pass_on_any_labels(sentences):
    table = entity_counts(tagged(sentences)).sum(axis=0).reshape(3, 3)
    right, guessed, correct = conlleval(sentences)
    for column, kind in enumerate(("LOC", "PER")):
        assert table[:, column].tolist() == [right[kind], guessed[kind], correct[kind]]
    assert table[:, 2].tolist() == [0, 0, 0]


def test_precision_recall_and_f1_of_a_case_worked_by_hand():
    # Gold: PER 0-1, LOC 3 | LOC 0, PER 2-3 | nothing. 4 in all.
    # Guessed: PER 0-1 right, PER 3 wrong type | LOC 0 right, PER 2 cut short | LOC 0. 5 in all.
    sentences = [
        sentence("B-PER I-PER O B-LOC", "B-PER I-PER O B-PER"),
        sentence("B-LOC O B-PER I-PER", "B-LOC O B-PER O"),
        sentence("O O", "B-LOC O"),
    ]
    answers = tagged(sentences, BIO)
    found = scores(answers)
    assert list(found) == ["entity_f1", "entity_precision", "entity_recall", "token_accuracy"]
    assert found["entity_precision"].value == pytest.approx(2 / 5)
    assert found["entity_recall"].value == pytest.approx(2 / 4)
    assert found["entity_f1"].value == pytest.approx(2 * 0.4 * 0.5 / 0.9)
    assert found["token_accuracy"].value == pytest.approx(7 / 10)
    by_type = scores_by_entity_type(answers)
    assert list(by_type) == ["LOC", "PER"]
    assert by_type["LOC"].precision.value == by_type["LOC"].recall.value == 1 / 2
    assert by_type["PER"].precision.value == pytest.approx(1 / 3)
    assert (by_type["PER"].support, by_type["PER"].predicted) == (2, 3)


def test_the_correct_span_with_the_wrong_prefix_scheme_is_correct():
    # conlleval compares chunks, so I-PER after O against B-PER is no mistake.
    assert scores(tagged([sentence("B-PER I-PER O", "I-PER I-PER O")]))["entity_f1"].value == 1


def test_an_entity_never_runs_from_one_sentence_into_the_next():
    apart = tagged([sentence("B-PER", "B-PER"), sentence("I-PER", "I-PER")])
    together = tagged([sentence("B-PER I-PER", "B-PER I-PER")])
    assert entity_counts(apart).sum(axis=0).reshape(3, 3)[2].tolist() == [0, 2, 0]
    assert entity_counts(together).sum(axis=0).reshape(3, 3)[2].tolist() == [0, 1, 0]


def test_nothing_to_divide_by_is_undefined_and_not_zero():
    nothing_guessed = scores(tagged([sentence("B-PER O", "O O")]))
    assert nothing_guessed["entity_precision"].value is None
    assert nothing_guessed["entity_recall"].value == 0
    assert nothing_guessed["entity_f1"].value == 0
    nothing_at_all = scores(tagged([sentence("O O", "O O"), []]))
    assert nothing_at_all["entity_f1"].value is None
    assert nothing_at_all["token_accuracy"].value == 1


def test_a_target_unseen_in_train_is_an_entity_that_nothing_matches():
    assert scores(tagged([sentence("? O", "B-PER O")]))["entity_f1"].value == 0
    found = scores(tagged([sentence("? O B-LOC", "O O B-LOC")]))
    assert found["entity_recall"].value == 1 / 2
    assert found["entity_precision"].value == 1


def test_an_entity_beside_an_unseen_label_is_not_correct_but_beyond_a_sentence_it_is():
    # B-PER ? may have been B-PER I-PER: guessing B-PER alone must not count.
    assert scores(tagged([sentence("B-PER ?", "B-PER O")]))["entity_f1"].value == 0
    assert scores(tagged([sentence("? I-PER", "O I-PER")]))["entity_f1"].value == 0
    apart = tagged([sentence("B-PER", "B-PER"), sentence("?", "O"), sentence("B-LOC", "B-LOC")])
    assert scores(apart)["entity_recall"].value == pytest.approx(2 / 3)


@given(
    st.sets(st.sampled_from(BIO[1:]), min_size=1),
    st.lists(st.lists(st.sampled_from(BIO), max_size=6), min_size=1, max_size=4),
    st.randoms(use_true_random=False),
)
@settings(deadline=None, max_examples=200)
def test_labels_unseen_in_train_never_better_the_f1(unseen, gold, random):
    known = [label for label in BIO if label not in unseen]
    named = [[(tag, random.choice([tag, *known])) for tag in tags] for tags in gold]
    named = [[(tag, guess if guess in known else "O") for tag, guess in rows] for rows in named]
    hidden = [[("?" if tag in unseen else tag, guess) for tag, guess in rows] for rows in named]
    exact, found = (
        evaluate([ENTITY_F1], tabulate([ENTITY_F1], tagged(sentences, BIO)), 0)["entity_f1"]
        for sentences in (named, hidden)
    )
    assert (found.value or 0) <= (exact.value or 0) + 1e-12


def test_labels_of_entities_differ_from_other_tags():
    assert mark_entities(BIO)
    assert mark_entities(("B-a-b", "I-a-b"))
    assert not mark_entities(("NOUN", "VERB"))
    assert not mark_entities(("O",))
    assert mark_entities((*BIO, "X"))
    assert not mark_entities(("O", "B-x", "NOUN", "VERB"))
    for tags in ("B-A I-A L-A U-A O", "B_A I_A O", "A-B A-I A-S O", "B I O", "B M E S"):
        assert mark_entities(tuple(tags.split()))
    assert entity_types(("B", "I", "O")) == ("entity",)
    assert entity_types(("B-fromloc.city-name", "O")) == ("fromloc.city-name",)
