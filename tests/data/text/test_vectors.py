"""Pretrained vectors: the forms they come in, and what is wrong named by its line."""

import gzip
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.data.text.vectors import read_vectors, refuse_other_vectors
from rnnbuild.errors import DataError

WORDS = ("the", "of", ",", "été", "London")


def lines(words, header=False, width=3):
    table = [f"{word} " + " ".join(str(n + k / 4) for k in range(width)) for n, word in words]
    return "\n".join([*([f"{len(table)} {width}"] if header else []), *table]) + "\n"


@settings(deadline=None)
@given(
    chosen=st.lists(st.sampled_from([*WORDS, "other"]), min_size=1, unique=True),
    header=st.booleans(),
    packed=st.booleans(),
    ends=st.sampled_from(("\n", " \n", "\r\n")),
    blanks=st.sampled_from((" ", "\t", "  ", "tab first")),
)
def test_every_form_gives_the_vectors_of_the_words(
    tmp_path_factory, chosen, header, packed, ends, blanks
):
    # word2vec ends each line with a space.
    content = lines([*enumerate(chosen), (9, "the")], header).replace("\n", ends)
    if blanks == "tab first":
        content = re.sub("(?m)^([^ ]+) ", "\\1\t", content)
    else:
        content = content.replace(" ", blanks)
    path = tmp_path_factory.mktemp("vectors") / "v.txt"
    path.write_bytes(gzip.compress(content.encode()) if packed else content.encode())
    vectors = read_vectors(path, WORDS, 3)
    assert vectors.found.tolist() == [word in (*chosen, "the") for word in WORDS]
    assert vectors.notes == (
        (f"{path}: skipped 1 line of words that have a vector already",) * ("the" in chosen)
    )
    for number, word in enumerate(WORDS):
        n = chosen.index(word) if word in chosen else 9 if word == "the" else None
        expected = [0, 0, 0] if n is None else [n, n + 0.25, n + 0.5]
        assert vectors.values[number].tolist() == expected


def test_a_word_takes_its_own_spelling_before_its_lower_case_and_the_first_of_several(tmp_path):
    path = tmp_path / "v.txt"
    path.write_text("us 1 1\nUS 2 2\nus 3 3\npeter 4 4\n")
    vectors = read_vectors(path, ("US", "us", "Peter", "PETER", "x"), 2)
    assert vectors.values[:, 0].tolist() == [2, 1, 4, 4, 0]
    assert vectors.found.tolist() == [True, True, True, True, False]


def test_words_with_spaces_and_bytes_that_are_not_utf8_are_skipped(tmp_path):
    path = tmp_path / "v.txt"
    # The first line is a word without spaces, which tells how many numbers there are.
    path.write_bytes(b"a 1 2 3 4\n. . 1 2 3 4\n\xff\xfe 1 2 3 4\nfine 5 6 7 8\n\n")
    vectors = read_vectors(path, ("fine", "."), 4)
    assert vectors.values[0].tolist() == [5, 6, 7, 8]
    assert vectors.found.tolist() == [True, False]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("2 5\na 1 2 3 4 5\n", "have 5 numbers, but `model.embedding.output_dim` is 3"),
        ("a 1 2\n", "have 2 numbers, but `model.embedding.output_dim` is 3"),
        ("a 1 2 3\nthe 1 2\n", "2 numbers follow the word, where the file has 3"),
        ("a 1 2 3\nthe 1 2 x\n", "not all finite numbers"),
        ("a 1 2 3\nthe 1 2 nan\n", "not all finite numbers"),
        ("a 1 2 3\nx 1 2\n", "2 numbers follow the word, where the file has 3"),
        ("a 1 2 3\nx 1 2 3 4\n", "4 numbers follow the word, where the file has 3"),
        ("a\t1\t2\t3\nx\t1\n", "1 number follows the word, where the file has 3"),
        ("", "does not contain word vectors: it is empty"),
        ("2 3\n", "does not contain word vectors: it is empty"),
        ("the,1,2,3\n", "as text: it begins `the,1,2,3`"),
        ("Once upon a time\n", "as text: it begins `Once upon a time`"),
        ("2 3\nthe \0\1\2\n", "it is a binary file"),
        ("PK\3\4\0", "it is a binary file"),
        ("x 1 2 3\n", "has a vector for none of the 5 words of training"),
    ],
)
def test_what_is_wrong_is_reported(tmp_path, content, message):
    path = tmp_path / "v.txt"
    path.write_text(content)
    with pytest.raises(DataError, match=message) as caught:
        read_vectors(path, WORDS, 3)
    place = caught.value.problems[0].place
    assert place is None or place.line == 2


def test_words_with_spaces_may_come_first_and_beside_tabs(tmp_path):
    path = tmp_path / "v.txt"
    path.write_text("at x@y.z 1 2 3\nthe 4 5 6\n")
    assert read_vectors(path, WORDS, 3).values[0].tolist() == [4, 5, 6]
    path.write_text("New York\t1\t2\t3\nthe\t4\t5\t6\n")
    vectors = read_vectors(path, ("New York", "the"), 3)
    assert vectors.values.tolist() == [[1, 2, 3], [4, 5, 6]]


def test_a_count_that_the_file_does_not_keep_is_noted(tmp_path):
    path = tmp_path / "v.txt"
    path.write_text("4 3\nthe 1 2 3\n")
    note = "the first line counts 4 words, and the file has 1"
    assert read_vectors(path, WORDS, 3).notes == (f"{path}: {note}",)


def test_the_first_lines_are_read_alone(tmp_path):
    path = tmp_path / "v.txt"
    path.write_text("the 1 2 3\nof 1 2 3\na 1\n")
    refuse_other_vectors(path, 3, 2)
    with pytest.raises(DataError, match="1 number follows"):
        refuse_other_vectors(path, 3, 3)


def test_a_cut_gzip_is_reported(tmp_path):
    path = tmp_path / "v.gz"
    path.write_bytes(gzip.compress(np.random.default_rng(0).bytes(9999))[:-99])
    with pytest.raises(DataError):
        read_vectors(path, WORDS, 3)
