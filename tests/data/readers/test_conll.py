"""CoNLL with two columns and more, and CoNLL-U."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.readers.conll import read_conll
from rnnbuild.data.readers.formats import settled
from rnnbuild.data.rows.rows import rows_of
from rnnbuild.errors import DataError

FIELDS = st.text(st.characters(exclude_categories=["Cs", "Z", "C"]), min_size=1, max_size=6).filter(
    lambda word: not word.startswith(("#", "-DOCSTART-")) and word.strip()
)

CONLLU = """\
# sent_id = 1
# text = Vámonos al mar
1-2\tVámonos\t_\t_\t_\t_\t_\t_\t_\t_
1\tVamos\tir\tVERB\tV\tMood=Imp\t0\troot\t_\t_
2\tnos\tnosotros\tPRON\tP\t_\t1\tobj\t_\t_
3-4\tal\t_\t_\t_\t_\t_\t_\t_\t_
3\ta\ta\tADP\tA\t_\t5\tcase\t_\t_
4\tel\tel\tDET\tD\t_\t5\tdet\t_\t_
5\tmar\tmar\tNOUN\tN\t_\t1\tobl\t_\t_
5.1\tya\tya\tADV\tR\t_\t_\t_\t1:advmod\t_

# sent_id = 2
1\tNew York\tNew York\tPROPN\tN\t_\t0\troot\t_\t_
"""


def read(path, **keys):
    return rows_of(read_conll(path, DataConfig(**keys), "tag"))


def write(path, content):
    path.write_bytes(content.encode())
    return path


def problems(path, **keys):
    with pytest.raises(DataError) as caught:
        read(path, **keys)
    return caught.value.problems


@settings(deadline=None)
@given(
    sentences=st.lists(
        st.lists(st.tuples(FIELDS, FIELDS), min_size=1, max_size=4), min_size=1, max_size=5
    ),
    columns=st.integers(0, 3),
    separator=st.sampled_from(("\t", " ", "   ")),
    line_end=st.sampled_from(("\n", "\r\n", "\r")),
    last=st.booleans(),
)
def test_what_is_written_is_read_back(
    tmp_path_factory, sentences, columns, separator, line_end, last
):
    lines = [
        line
        for sentence in sentences
        for line in [
            *(separator.join((word, *["_"] * columns, tag)) for word, tag in sentence),
            "",
        ]
    ]
    content = line_end.join(lines[: None if last else -1])
    path = write(tmp_path_factory.mktemp("conll") / "t.conll", content)
    found = read(path, text="1")
    assert found.words == [tuple(word for word, _ in row) for row in sentences]
    assert found.targets == [tuple(tag for _, tag in row) for row in sentences]


def test_line_ends_may_be_mixed_and_blank_lines_many(tmp_path):
    path = write(tmp_path / "t.conll", "a X\r\nb Y\n\n \r\n\nc Z")
    (chunk, _) = read_conll(path, DataConfig(), "tag")
    assert chunk.words == [("a", "b"), ("c",)]
    assert chunk.lines == [1, 6]


def test_columns_are_chosen_by_their_number(tmp_path):
    path = write(tmp_path / "t.conll", "-DOCSTART- -X- O\n\nEU NNP B-ORG\nsays VBZ O\n")
    assert read(path).targets == [("B-ORG", "O")]
    found = read(path, label="2")
    assert found.targets == [("NNP", "VBZ")]
    assert list(map(str, found.notes)) == [f"{path}: skipped 1 -DOCSTART- line"]
    assert "there is no column 9" in problems(path, label="9")[0].message
    assert "have no names" in problems(path, label="ner")[0].message


def test_lines_that_do_not_fit_are_named(tmp_path):
    found = problems(write(tmp_path / "t.conll", "a X\nalone\nb Y Z\n\n\tT\n"))
    assert [(problem.place.line, problem.message) for problem in found] == [
        (2, "a word without a tag"),
        (3, "3 columns, where the first line has 2"),
        (5, "a word without a tag"),
    ]


@pytest.mark.parametrize(
    ("line", "surplus"),
    [("b Y  Z z", "Z z"), ("\tb Y Z", "Z"), ("b\tY Y\t\tZ", "\tZ")],
    ids=["blanks", "indented", "tabs"],
)
def test_what_a_line_has_too_much_is_underlined(tmp_path, line, surplus):
    first = "a\tX\n" if line.count("\t") > 1 else "a X\n"
    (problem,) = problems(write(tmp_path / "t.conll", f"{first}{line}\n{first}"))
    begin = problem.place.column - 1
    assert problem.place.text[begin : begin + problem.place.length] == surplus


def test_docstart_inside_a_sentence_is_a_word(tmp_path):
    content = "-DOCSTART- O\na B-X\n\nb O\n-DOCSTART- O\n"
    found = read(write(tmp_path / "t.conll", content))
    assert found.words == [("a",), ("b", "-DOCSTART-")]
    assert [note.text.partition(": ")[2] for note in found.notes] == ["skipped 1 -DOCSTART- line"]


def test_conllu_reads_words_and_not_multiword_tokens_or_empty_nodes(tmp_path):
    path = write(tmp_path / "t.conllu", CONLLU)
    found = read(path)
    assert found.words == [("Vamos", "nos", "a", "el", "mar"), ("New York",)]
    assert found.targets == [("VERB", "PRON", "ADP", "DET", "NOUN"), ("PROPN",)]
    assert list(map(str, found.notes)) == [
        f"{path}: skipped 2 multiword tokens; the words that they contain are read",
        f"{path}: skipped 1 empty node",
    ]
    assert read(path, label="xpos").targets[0] == ("V", "P", "A", "D", "N")
    assert read(path, label="deprel", text="lemma").words[0][0] == "ir"
    assert "did you mean" in problems(path, label="upo")[0].message


def test_conllu_lines_that_do_not_fit_are_named(tmp_path):
    found = problems(write(tmp_path / "t.conllu", CONLLU + "1\tword\tX\n" + "x" + "\t_" * 9 + "\n"))
    assert [(problem.place.line, problem.message) for problem in found] == [
        (14, "3 columns, not 10"),
        (15, "the first column is 'x', not the number of a word"),
    ]


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("{n}\t{w}\t_\tO", "numbers the words", {"text": "2"}),
        ("doc/1\t{w}\tO", "the same in all lines of a sentence", {"text": "2"}),
        ("O\t{w}", "contains tags", {"text": "2", "label": "1"}),
    ],
)
def test_a_first_column_that_is_not_the_words_is_refused_with_the_key_to_set(
    tmp_path, line, message, hint
):
    sentence = "".join(line.format(n=n, w=f"w{n}") + "\n" for n in range(1, 5))
    path = write(tmp_path / "t.conll", "\n".join([sentence] * 4))
    (problem,) = problems(path)
    assert message in problem.message
    assert all(f"`data.{key}: {column}`" in problem.hint for key, column in hint.items())
    assert read(path, **hint).words == [("w1", "w2", "w3", "w4")] * 4


def test_ten_columns_with_numbers_are_read_as_conllu_where_the_hint_says_so(tmp_path):
    words = "".join(f"{n}\tw{n}\t_\tNOUN" + "\t_" * 6 + "\n" for n in (1, 2))
    path = write(tmp_path / "t.conll", "\n".join([words] * 3))
    assert "`data.format: conllu`" in problems(path)[0].hint
    assert read(path, format="conllu").targets == [("NOUN", "NOUN")] * 3


def test_comments_are_skipped_where_the_config_says_what_begins_them(tmp_path):
    sentence = "# id {n}\tdomain=en\na _ _ O\nb _ _ B-X\n"
    path = write(tmp_path / "t.conll", "\n".join(sentence.format(n=n) for n in range(4)))
    (problem,) = problems(path)
    assert "begin with a line that begins with `#`" in problem.message
    assert 'data.comment: "#"' in problem.hint
    found = read(path, comment="#")
    assert found.words == [("a", "b")] * 4
    assert list(map(str, found.notes)) == [f"{path}: skipped 4 comment lines"]
    # Inside a sentence a line with all columns is a word.
    write(path, "# a b c\na O\n# O\n# the end of it\n")
    assert read(path, comment="#").words == [("a", "#")]
    write(path, "# newdoc id = 1\na O\nb O\n")
    assert 'data.comment: "#"' in problems(path)[-1].hint


def test_the_delimiter_is_that_of_most_lines_of_all_files(tmp_path):
    """A line without a tab, in a file of tabs, is a word without a tag and not two columns."""
    path = write(tmp_path / "t.conll", "New York\tB\nis\tO\n\nNew York\n")
    (problem,) = problems(path)
    assert (problem.place.line, problem.message) == (4, "a word without a tag")
    assert 'data.delimiter: " "' in problem.hint
    write(path, "is\tO\nit O\nso\tO\n")
    assert read(path, delimiter=" ").words == [("is", "it", "so")]
    short = write(tmp_path / "short.conll", "a b\tO\n\nit O\nso O\n")
    data = settled(DataConfig(), [short, write(tmp_path / "long.conll", "is it\tO\n" * 9)])
    assert data.delimiter == "\t"
    with pytest.raises(DataError, match="a word without a tag"):
        rows_of(read_conll(short, data, "tag"))


def test_words_cannot_be_read_as_rows_of_one_label(tmp_path):
    with pytest.raises(DataError, match="labels every word"):
        rows_of(read_conll(write(tmp_path / "t.conll", "a X\n"), DataConfig(), "classify"))
