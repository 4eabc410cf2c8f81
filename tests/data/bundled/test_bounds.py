"""Bounds of what an answer can reach that sees only a part of the text."""

from hypothesis import given
from hypothesis import strategies as st

from rnnbuild.data.bundled.bounds import (
    bag_of_words_bound,
    best_share,
    forward_only_bound,
    word_alone_bound,
)
from rnnbuild.data.bundled.draw import add_labelled, add_tagged
from rnnbuild.data.rows.rows import Rows


@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from("xyz")), min_size=1, max_size=8))
def test_no_table_of_answers_is_correct_more_often_than_the_bound_and_one_is_as_often(answers):
    tables = [{0: a, 1: b, 2: c} for a in "xyz" for b in "xyz" for c in "xyz"]
    correct = [sum(table[key] == answer for key, answer in answers) for table in tables]
    assert best_share(answers) == max(correct) / len(answers)


def test_texts_of_the_same_words_are_one_bag_whatever_their_order():
    rows = Rows()
    for text, label in (("a b b", "x"), ("b a b", "y"), ("a b", "y"), ("b b a", "x")):
        add_labelled(rows, text, label)
    assert bag_of_words_bound(rows) == 3 / 4


def test_only_words_up_to_the_one_that_is_tagged_tell_of_it():
    rows = Rows()
    add_tagged(rows, ["a", "b", "c"], ["x", "x", "x"])
    add_tagged(rows, ["a", "b", "d"], ["x", "y", "y"])
    assert forward_only_bound(rows, lambda word, tag: True) == 5 / 6
    assert forward_only_bound(rows, lambda word, tag: word == "b") == 1 / 2
    assert word_alone_bound(rows) == 5 / 6
