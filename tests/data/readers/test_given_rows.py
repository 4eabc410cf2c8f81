"""Rows to be answered: the text of each, read as for training, and all of its columns."""

import csv
import gzip
import io
import json
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.readers import blocks, table
from rnnbuild.data.readers.formats import READERS, read_like
from rnnbuild.data.readers.lists import text_of_words, words_in
from rnnbuild.errors import DataError

CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=9)


def rows_at(name, path, task="classify", **keys):
    read = READERS[name](Path(path), DataConfig(**keys), task, labelled=False)
    return [
        (text, columns)
        for rows in read
        for text, columns in zip(rows.words or rows.texts, rows.columns, strict=True)
    ]


def rows_of(name, content, task="classify", **keys):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "made")
        path.write_bytes(content.encode())
        return rows_at(name, path, task, **keys)


def refused(name, content, task="classify", **keys):
    with pytest.raises(DataError) as caught:
        rows_of(name, content, task, **keys)
    return str(caught.value)


@settings(deadline=None)
@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=9),
    delimiter=st.sampled_from(",;\t"),
    end=st.sampled_from(("\n", "\r\n")),
    size=st.sampled_from((1, 20, 1 << 19)),
)
def test_a_table_is_read_as_by_the_csv_module_row_by_row(rows, delimiter, end, size):
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([("id", "text", ""), *rows])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK", size)
        read = rows_of("csv", stream.getvalue(), delimiter=delimiter)
    stream.seek(0)
    expected = list(csv.DictReader(stream, delimiter=delimiter))
    assert read == [(row["text"], row) for row in expected]
    assert all(list(row) == ["id", "text", ""] for _, row in read)


@settings(deadline=None)
@given(rows=st.lists(st.dictionaries(CELLS, CELLS | st.integers() | st.none(), max_size=3)))
def test_objects_are_carried_through_whatever_they_contain(rows):
    rows = [row | {"text": f"a {number}"} for number, row in enumerate(rows)]
    content = "\n\n".join(map(json.dumps, rows))
    assert rows_of("jsonl", content) == [(row["text"], row) for row in rows]


@settings(deadline=None)
@given(st.lists(st.text(st.sampled_from("a é\x0b\u2028\t,\"'"), max_size=9)), st.booleans())
def test_each_line_is_a_text_an_empty_one_too(texts, dos):
    content = "".join(f"{text}\r\n" if dos else f"{text}\n" for text in texts)
    assert rows_of("lines", content) == [(text, {"text": text}) for text in texts]


@given(st.lists(st.text(max_size=5), max_size=5))
def test_the_text_of_some_words_is_read_as_the_same_words(words):
    assert words_in(text_of_words(words)) == words


def test_words_are_given_as_a_list_or_with_spaces_between():
    content = '{"text": ["New York", "i.e.", ""]}\n{"text": "in 256,000\\u00a0e"}\n{"text": []}\n'
    assert [words for words, _ in rows_of("jsonl", content, "tag")] == [
        ("New York", "i.e.", ""),
        ("in", "256,000", "e"),
        (),
    ]
    cells = 'text\n"[""New York"", ""x""]"\n[ not json ]\n'
    assert [words for words, _ in rows_of("csv", cells, "tag")] == [
        ("New York", "x"),
        ("[", "not", "json", "]"),
    ]


def test_sequences_are_lists_or_their_text():
    content = '{"input": [[1.5, 2]]}\n{"input": "[[1.5, 2]]"}\n'
    assert [text for text, _ in rows_of("jsonl", content, "forecast")] == ["[[1.5, 2]]"] * 2


@pytest.mark.parametrize("content", ["New York\tB\nis\tO\n", "New York\t1\tO\nis\t2\tO\n"])
def test_a_tagger_s_own_file_is_read_for_its_words(content):
    assert [words for words, _ in rows_of("conll", content, "tag")] == [("New York", "is")]


def test_words_alone_are_conll_too():
    content = "\ufeffOslo\r\nis\r\n\r\n-DOCSTART-\r\n\r\n256,000"
    assert rows_of("conll", content, "tag") == [
        (("Oslo", "is"), {"text": "Oslo is"}),
        (("256,000",), {"text": "256,000"}),
    ]
    # Without a tab in it, a line's columns are separated by spaces.
    assert "1 column, where the first line has 2" in refused("conll", "New York\nis\n", "tag")
    assert "column 2" in refused("conll", "a\nb\n", "tag", text="2")


def test_a_source_needs_no_target_and_a_blank_line_is_an_empty_one():
    content = "a b\tc\td\n\ne\n"
    assert rows_of("parallel", content, "translate") == [
        ("a b", {"source": "a b", "target": "c", "column 3": "d"}),
        ("", {"source": ""}),
        ("e", {"source": "e"}),
    ]


def test_a_parquet_row_keeps_its_columns_as_values_of_json(tmp_path):
    columns = {
        "text": ["a", "b"],
        "when": [date(2020, 1, 2), None],
        "price": [Decimal("1.50"), None],
        "share": [float("nan"), 0.5],
        "words": [["x", None], []],
        "raw": [b"\xff", b"a"],
    }
    pq.write_table(pa.table(columns), tmp_path / "in.parquet")
    (_, first), (_, second) = rows_at("parquet", tmp_path / "in.parquet")
    assert first == {
        "text": "a",
        "when": "2020-01-02",
        "price": "1.50",
        "share": None,
        "words": ["x", None],
        "raw": "\N{REPLACEMENT CHARACTER}",
    }
    assert (second["when"], second["share"], second["words"]) == (None, 0.5, [])


def test_half_a_character_is_replaced_in_the_whole_row():
    ((text, row),) = rows_of("jsonl", '{"text": "a\\ud83d", "more": ["\\ude00"]}')
    assert text == "a\N{REPLACEMENT CHARACTER}"
    json.dumps(row, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("csv", "text,id\na,1\nb,c,2\n", "made:3:5: 3 fields, where the header has 2"),
        ("csv", 'text,id\na,"1\n', "made:2:1: the quote opened in this row is never closed"),
        ("csv", "text,text\na,b\n", "has several columns `text`"),
        ("csv", "text,,\na,b,c\n", "several columns without a name"),
        ("csv", "", "is empty"),
        ("csv", "text;id\na;1\n", "separated by a semicolon"),
        ("csv", "review\na\n", "has no column `text`; it has `review`"),
        ("jsonl", '{"text": "a"}\n\n{"txt": "b"}\n', "made:3:1: this line has no key `text`"),
        ("jsonl", '{"text": {}}\n', "made:1:10: the text is an object, not text"),
        ("jsonl", '{"text": ["a"]}\n', "made:1:10: the text is a list, not text"),
        ("jsonl", '{"text": null}\n', "made:1:10: the text is missing"),
        ("jsonl", "[1]\n", "made:1:1: this line is not a JSON object"),
        ("jsonl", '{"text": "a"}\n{"text": \n', "made:2:10: this is not JSON"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_as_in_training(name, content, message):
    assert message in refused(name, content)
    labelled = content.replace("text", "text,label", 1) if name == "csv" and content else content
    if labelled == content:
        with pytest.raises(DataError) as caught, tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "made")
            path.write_text(content, encoding="utf-8")
            list(READERS[name](path, DataConfig(label="text"), "classify"))
        assert message in str(caught.value)


def test_a_quote_that_is_never_closed_ends_at_the_limit(monkeypatch, tmp_path):
    monkeypatch.setattr(table, "LONGEST", 50)
    monkeypatch.setattr(blocks, "BLOCK", 10)
    path = tmp_path / "made"
    path.write_text('text\nfine\n"open\n' + "more\n" * 100)
    rows = READERS["csv"](path, DataConfig(), "classify", labelled=False)
    assert next(rows).texts == ["fine"]
    with pytest.raises(DataError, match="made:3:1: the quote opened in this row"):
        next(rows)


def test_the_blocks_before_a_line_that_is_not_an_object_are_given(monkeypatch, tmp_path):
    monkeypatch.setattr("rnnbuild.data.readers.jsonl.TOGETHER", 10)
    path = tmp_path / "made"
    path.write_text('{"text": "fine"}\n{"text"\n')
    rows = READERS["jsonl"](path, DataConfig(), "classify", labelled=False)
    assert next(rows).columns == [{"text": "fine"}]
    with pytest.raises(DataError, match="made:2"):
        next(rows)


def test_a_packed_file_with_a_byte_order_mark_is_read(tmp_path):
    path = tmp_path / "in.csv.gz"
    path.write_bytes(gzip.compress("text\né\n".encode("utf-8-sig")))
    assert rows_at("csv", path) == [("é", {"text": "é"})]


@pytest.mark.parametrize(
    ("keys", "path", "settings", "expected"),
    [
        ({"train": "a.csv", "delimiter": ";"}, "b.csv.gz", {}, ("csv", ";", None)),
        ({"train": "a.csv", "delimiter": ";"}, "b.tsv", {}, ("tsv", None, None)),
        ({"train": "a.csv", "text": "t"}, "b.jsonl", {}, ("jsonl", None, "t")),
        ({"train": "a.txt", "format": "conll", "text": "2"}, "b.txt", {}, ("conll", None, "2")),
        ({"train": "a.txt", "format": "conll", "text": "2"}, "b.csv", {}, ("csv", None, None)),
        ({"train": "eng.train", "format": "conll"}, "eng.testa", {}, ("conll", None, None)),
        ({"train": "a.csv"}, "b.txt", {}, (None, None, None)),
        ({"train": "a.csv"}, "b.txt", {"format": "csv"}, ("csv", None, None)),
        ({"dataset": "reviews"}, "b.csv", {"delimiter": ";"}, ("csv", ";", None)),
        ({"train": "a.txt", "format": "csv", "delimiter": ";"}, "b.csv", {}, ("csv", ";", None)),
    ],
)
def test_another_file_is_read_like_the_training_files_as_far_as_it_can(
    keys, path, settings, expected
):
    alike = read_like(Path(path), DataConfig(**keys), settings, "classify")
    assert (alike.format, alike.delimiter, alike.text) == expected


@pytest.mark.parametrize(
    ("keys", "path", "expected"),
    [
        ({"dataset": "shakespeare"}, "b.txt", "text"),
        ({"train": "a.csv", "text": "review"}, "b.txt", "text"),
        ({"train": "a.csv", "text": "review"}, "b.jsonl", "jsonl"),
        ({"train": "a.dat", "format": "csv"}, "b.dat", "csv"),
    ],
)
def test_an_ending_that_says_nothing_is_text_to_a_model_of_text(keys, path, expected):
    assert read_like(Path(path), DataConfig(**keys), {}, "language-model").format == expected
