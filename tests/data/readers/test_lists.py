"""Lists in cells, as JSON, Python and NumPy write them."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.readers.csv import read_csv
from rnnbuild.data.readers.lists import list_in, words_in
from rnnbuild.data.rows.rows import rows_of

WORDS = st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=5))


@given(WORDS)
def test_what_json_and_python_write_is_read_back(words):
    # Python's repr writes none of these characters as an escape with a letter, such as \\n.
    for text in (json.dumps(words), repr(words), json.dumps(words, ensure_ascii=False)):
        assert list_in(text) == words


@pytest.mark.parametrize(
    ("text", "items"),
    [
        (str(np.array(["O", "B-PER", "O"])), ["O", "B-PER", "O"]),
        ("[O, B-PER]", ["O", "B-PER"]),
        ("[1, 2]", [1, 2]),
        ("[]", []),
        ("['it\\'s', \"it's\"]", ["it's", "it's"]),
        ("[ 'a' , 'b' ]", ["a", "b"]),
        ("[see above", None),
        ("see [above]", None),
        ("[['a']]", None),
        ("", None),
    ],
)
def test_other_ways_of_writing_one(text, items):
    assert list_in(text) == items


def test_words_are_a_list_only_where_they_are_quoted():
    assert words_in("['New York', 'is']") == ["New York", "is"]
    assert words_in("[ EU ] says") == ["[", "EU", "]", "says"]
    assert words_in("[EU, says]") == ["[EU,", "says]"]


@pytest.mark.parametrize(
    ("words", "tags"),
    [
        ("a b c", "O B-PER O"),
        ("a b c", "['O', 'B-PER', 'O']"),
        ("a b c", "['O' 'B-PER' 'O']"),
        ("['a', 'b', 'c']", '[""O"", ""B-PER"", ""O""]'),
    ],
)
def test_tags_of_a_cell_are_read_however_they_are_listed(tmp_path, words, tags):
    path = tmp_path / "t.csv"
    path.write_text(f'text,label\n"{words}","{tags}"\n')
    rows = rows_of(read_csv(path, DataConfig(), "tag"))
    assert rows.words == [("a", "b", "c")]
    assert rows.targets == [("O", "B-PER", "O")]


def test_a_bracket_may_be_a_tag(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("text,label\n[ EU ],[ NN ]\n")
    assert rows_of(read_csv(path, DataConfig(), "tag")).targets == [("[", "NN", "]")]
