"""Rows to be answered: the text of each, in its column, and the row as it came."""

import csv
import gzip
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.data.disk.files import TextFile
from rnnbuild.data.readers import blocks, table
from rnnbuild.data.readers.formats import TEXT_READERS
from rnnbuild.errors import DataError

CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=9)


def rows_of(name, content, choose=lambda names: "text", delimiter=","):
    return list(TEXT_READERS[name](TextFile.of("made", content), delimiter, choose))


def refused(name, content, **keys):
    with pytest.raises(DataError) as caught:
        rows_of(name, content, **keys)
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
        found = rows_of("csv", stream.getvalue(), delimiter=delimiter)
    stream.seek(0)
    expected = list(csv.DictReader(stream, delimiter=delimiter))
    assert found == [(row["text"], row) for row in expected]
    assert all(list(row) == ["id", "text", ""] for _, row in found)


@settings(deadline=None)
@given(rows=st.lists(st.dictionaries(CELLS, CELLS | st.integers() | st.none(), max_size=3)))
def test_objects_are_carried_through_whatever_they_hold(rows):
    rows = [row | {"text": f"a {number}"} for number, row in enumerate(rows)]
    content = "\n\n".join(map(json.dumps, rows))
    assert rows_of("jsonl", content) == [(row["text"], row) for row in rows]


@given(st.lists(st.text(st.sampled_from("a é\x0b\u2028\t,\"'"), max_size=9)), st.booleans())
def test_each_line_is_a_text_an_empty_one_too(texts, dos):
    content = "".join(f"{text}\r\n" if dos else f"{text}\n" for text in texts)
    assert rows_of("lines", content) == [(text, {"text": text}) for text in texts]


def test_lists_are_texts_of_words_or_stay_json():
    content = '{"text": ["New", "York"]}\n{"text": [1.5, 2]}\n{"text": []}\n'
    assert [text for text, _ in rows_of("jsonl", content)] == ["New York", "[1.5, 2]", ""]


def test_the_column_is_chosen_by_the_names_there_are():
    seen = []

    def choose(names):
        seen.append(tuple(names))
        return names[-1]

    assert rows_of("csv", "a,b\n1,2\n", choose)[0][0] == "2"
    assert rows_of("jsonl", '{"x": "1", "y": "2"}\n{"y": "3"}\n', choose)[1][0] == "3"
    rows_of("lines", "", choose)
    assert seen == [("a", "b"), ("x", "y"), ("text",)]


def test_half_a_character_is_replaced_in_the_whole_row():
    ((text, row),) = rows_of("jsonl", '{"text": "a\\ud83d", "more": ["\\ude00"]}')
    assert text == "a\N{REPLACEMENT CHARACTER}"
    json.dumps(row, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("csv", "text,id\na,1\nb,c,2\n", "made:3:1: 3 fields, where the header has 2"),
        ("csv", 'text,id\na,"1\n', "made:2:1: the quote opened in this row is never closed"),
        ("csv", "text,text\na,b\n", "has several columns `text`"),
        ("csv", "text,,\na,b,c\n", "several columns without a name"),
        ("csv", "", "is empty"),
        ("jsonl", '{"text": "a"}\n\n{"txt": "b"}\n', "made:3:1: this line has no key `text`"),
        ("jsonl", '{"text": {}}\n', "made:1:1: the text is a dict, not text"),
        ("jsonl", '{"text": null}\n', "made:1:1: the text is missing"),
        ("jsonl", "[1]\n", "made:1:1: this line is not a JSON object"),
        ("jsonl", '{"text": "a"}\n{"text": \n', "made:2:10: this is not JSON"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_by_its_line(name, content, message):
    assert message in refused(name, content)


def test_a_quote_that_is_never_closed_ends_at_the_limit(monkeypatch):
    monkeypatch.setattr(table, "LONGEST", 50)
    monkeypatch.setattr(blocks, "BLOCK", 10)
    content = 'text\nfine\n"open\n' + "more\n" * 100
    rows = TEXT_READERS["csv"](TextFile.of("made", content), ",", lambda names: "text")
    assert next(rows) == ("fine", {"text": "fine"})
    with pytest.raises(DataError, match="made:3:1: the quote opened in this row"):
        next(rows)


def test_the_rows_before_a_line_that_is_not_an_object_are_given():
    rows = TEXT_READERS["jsonl"](
        TextFile.of("made", '{"text": "fine"}\n{"text"\n'), ",", lambda names: "text"
    )
    assert next(rows) == ("fine", {"text": "fine"})
    with pytest.raises(DataError, match="made:2"):
        next(rows)


def test_a_packed_file_with_a_byte_order_mark_is_read(tmp_path):
    path = tmp_path / "in.csv.gz"
    path.write_bytes(gzip.compress("text\né\n".encode("utf-8-sig")))
    rows = TEXT_READERS["csv"](TextFile.at(path), ",", lambda names: names[0])
    assert list(rows) == [("é", {"text": "é"})]
