"""CSV and TSV: whatever the csv module writes is read back; what is wrong is named by its line."""

import csv
import gzip
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.disk.text_file import TextFile
from rnnbuild.data.readers import blocks, records, table
from rnnbuild.data.readers.blocks import Blocks
from rnnbuild.data.readers.csv import read_csv
from rnnbuild.data.readers.faults import Faults
from rnnbuild.data.readers.records import Records
from rnnbuild.data.readers.table import TableReader
from rnnbuild.data.readers.table_form import TableForm
from rnnbuild.data.rows.rows import rows_of
from rnnbuild.errors import DataError

CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
LABELS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=4)


def read(path, task="classify", **keys):
    return rows_of(read_csv(path, DataConfig(**keys), task))


def write(path, content: str | bytes):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def problems(path, **keys):
    with pytest.raises(DataError) as caught:
        read(path, **keys)
    return caught.value.problems


@settings(deadline=None)
@given(
    rows=st.lists(st.tuples(CELLS, LABELS), min_size=1, max_size=8),
    delimiter=st.sampled_from(",;\t|~"),
    line_end=st.sampled_from(("\n", "\r\n", "\r")),
    packed=st.booleans(),
    mark=st.booleans(),
)
def test_what_the_csv_module_writes_is_read_back(
    tmp_path_factory, rows, delimiter, line_end, packed, mark
):
    stream = io.StringIO(newline="")
    # Left to itself the module leaves a lone \r without quotes.
    form = {"delimiter": delimiter, "lineterminator": line_end, "quoting": csv.QUOTE_ALL}
    writer = csv.writer(stream, **form)
    writer.writerows([("id", "text", "label"), *((1, *row) for row in rows)])
    content = stream.getvalue().encode("utf-8-sig" if mark else "utf-8")
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    path.write_bytes(gzip.compress(content) if packed else content)
    found = read(path, delimiter=delimiter)
    assert found.texts == [text for text, _ in rows]
    assert found.targets == [(label,) for _, label in rows]


def as_the_csv_module_reads(text):
    """Records by line; None for one that the module refuses, which it then tries a line later."""
    lines, place = list(io.StringIO(text, newline="")), 0
    while place < len(lines):
        reader = csv.reader(lines[place:], strict=True)
        try:
            yield place + 1, next(reader)
            place += reader.line_num
        except csv.Error:
            yield place + 1, None
            place += 1


@settings(deadline=None)
@given(
    lines=st.lists(st.text(st.sampled_from('ab,;"é\0\x0b\x1c\x85 '), max_size=9), max_size=9),
    end=st.sampled_from(("\n", "\r\n", "\r")),
    last=st.booleans(),
)
def test_any_text_is_read_as_the_csv_module_reads_it(lines, end, last):
    text = "x,y" + end + end.join(lines) + (end if last else "")
    file = TextFile.of("made.csv", text)
    faults = Faults(file, "")
    with file.open() as stream:
        records = Records(Blocks(file, stream), TableForm(), faults)
        found = [(record.line, record.fields) for record in records]
    expected = list(as_the_csv_module_reads(text))
    assert found == [(line, row) for line, row in expected if row is not None]
    assert faults.count == sum(row is None for _, row in expected)


@settings(deadline=None, max_examples=500)
@given(
    header=st.sampled_from(("x,y", "x", '"x","y",z', "x,y\n\n")),
    pieces=st.lists(
        st.sampled_from(
            ["a", ",", '"', '""', '"b"', '"b,b"', "\n", "\r\n", "\r", "é", "\0", '"\n"', "a,b\n"]
        ),
        max_size=30,
    ),
    size=st.sampled_from((1, 2, 7, 1 << 20)),
)
def test_blocks_of_any_size_are_read_as_the_csv_module_reads_the_whole(header, pieces, size):
    text = header + "\n" + "".join(pieces)
    file = TextFile.of("made.csv", text)
    width = len(next(csv.reader([header.splitlines()[0]])))
    expected, odd = [], []
    for number, (line, row) in enumerate(as_the_csv_module_reads(text)):
        if row is None or (number and row and len(row) != width):
            odd.append(line)
        elif number and row:
            expected.append((line, row))
    found = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK", size)
        reader = TableReader(file, TableForm(), every_row=True)
        try:
            for lines, columns in reader.runs(lambda _: range(width)):
                found += zip(lines, map(list, zip(*columns, strict=True)), strict=True)
            reader.faults.refuse()
        except DataError as error:
            places = [problem.place.line for problem in error.problems if problem.place]
            assert places == odd[:5]
            assert reader.faults.count == len(odd)
        else:
            assert not odd
    assert found == expected


def test_lines_are_those_that_rows_begin_in_whatever_their_ends(tmp_path):
    path = write(tmp_path / "t.csv", 'text,label\r\n"two\nlines",a\rb,b\n\n"x\r\ny",c')
    (*chunks, told) = read_csv(path, DataConfig(), "classify")
    assert [chunk.lines for chunk in chunks] == [[2, 4, 6]]
    assert chunks[0].texts == ["two\nlines", "b", "x\r\ny"]
    assert list(map(str, told.notes)) == [f"{path}: skipped 1 blank line"]


def test_every_ragged_row_is_counted_and_the_first_are_shown(tmp_path):
    path = write(tmp_path / "t.csv", "text,label\n" + "a,b,c\n" * 7 + "d\nfine,x\n")
    found = problems(path)
    assert [problem.place.line for problem in found[:5]] == [2, 3, 4, 5, 6]
    assert found[0].message == "3 fields, where the header has 2"
    assert "3 more such lines" in found[5].message
    assert found[0].place.text == "a,b,c"


@pytest.mark.parametrize(
    ("row", "surplus"),
    [("a,b,c,d", "c,d"), ('"a,a",b,c', "c"), ('"a""a","b",', ""), ("a", "a")],
    ids=["two", "quoted", "empty", "too few"],
)
def test_what_a_row_has_too_much_is_underlined(tmp_path, row, surplus):
    (problem,) = problems(write(tmp_path / "t.csv", f"text,label\n{row}\n"))
    begin = problem.place.column - 1
    assert problem.place.text[begin : begin + problem.place.length] == surplus


def test_an_unclosed_quote_is_named_by_the_line_that_opens_it(tmp_path):
    path = write(tmp_path / "t.csv", 'text,label\nfine,a\n"never closed,b\nmore,c\n')
    (problem,) = problems(path)
    assert "never closed" in problem.message
    assert problem.place.line == 3


def test_a_quote_that_swallows_the_file_ends_at_the_longest_field(tmp_path, monkeypatch):
    monkeypatch.setattr(table, "LONGEST", 1000)
    path = write(tmp_path / "t.csv", 'text,label\n"open,b\n' + "more,c\n" * 500 + '"')
    problem, *_ = problems(path)
    assert "never closed" in problem.message
    assert problem.place.line == 2


def test_text_after_a_closing_quote_is_named_by_its_line(tmp_path):
    (problem,) = problems(write(tmp_path / "t.csv", 'text,label\n"a"b,c\n'))
    assert "follows a closing quote" in problem.message
    assert problem.place.line == 2


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        (b"text,label\na,b\nbl\xe9,c\n", 3, 3),
        (b"text,label\n" + b"a,b\n" * 9000 + b"\xff,c", 9002, 1),
    ],
)
def test_bytes_that_are_not_utf8_are_named_by_line_and_column(tmp_path, content, line, column):
    for path, data in (
        (tmp_path / "t.csv", content),
        (tmp_path / "t.csv.gz", gzip.compress(content)),
    ):
        (problem,) = problems(write(path, data))
        assert "is not UTF-8" in problem.message
        assert (problem.place.line, problem.place.column) == (line, column)


def test_utf16_and_damaged_gzip_are_reported_for_what_they_are(tmp_path):
    (problem,) = problems(write(tmp_path / "t.csv", "text,label\na,b\n".encode("utf-16")))
    assert "UTF-16" in problem.message
    packed = gzip.compress(b"text,label\n" + bytes(range(65, 91)) * 99)
    (problem,) = problems(write(tmp_path / "t.csv.gz", packed[:-9]))
    assert "cannot be unpacked" in problem.message


def test_a_missing_column_names_those_there_are_and_the_delimiter_that_was_meant(tmp_path):
    (problem,) = problems(write(tmp_path / "t.csv", "texts,label\na,b\n"))
    assert "has no column `text`; it has `texts`, `label`" in problem.message
    assert problem.hint == "did you mean `data.text: texts`?"
    (problem,) = problems(write(tmp_path / "s.csv", "a;b\n1;2\n"))
    assert 'data.delimiter: ";"' in problem.hint


def test_rows_without_a_label_are_refused_by_their_lines(tmp_path):
    found = problems(write(tmp_path / "t.csv", "text,label\na,b\nb,\nc, \n"))
    assert [problem.place.line for problem in found] == [3, 4]


def test_words_and_tags_pair_off(tmp_path):
    path = write(tmp_path / "t.csv", "text,label\nNew York  City,B I I\nat home,O O\n")
    found = read(path, task="tag")
    assert found.words == [("New", "York", "City"), ("at", "home")]
    assert found.targets == [("B", "I", "I"), ("O", "O")]
    (problem,) = problems(write(path, "text,label\na b,O\n"), task="tag")
    assert problem.message == "2 words and 1 tags"


def test_labels_of_zeros_and_ones_or_set_apart_by_a_sign(tmp_path):
    path = write(tmp_path / "t.csv", "text,a,b\nx,1,0\ny,true,1\nz,0,False\n")
    assert read(path, labels=("a", "b")).targets == [("a",), ("a", "b"), ()]
    (problem,) = problems(write(path, "text,a,b\nx,2,0\n"), labels=("a", "b"))
    assert problem.message == "column `a`: expected 0 or 1, got '2'"
    write(path, 'text,tags\nx,p;q;p\ny,\nz,"[""r"", 1]"\n')
    assert read(path, labels="tags", label_separator=";").targets == [("p", "q"), (), ("r", "1")]


def test_an_empty_file_and_a_header_named_twice_are_refused(tmp_path):
    assert "is empty" in problems(write(tmp_path / "t.csv", ""))[0].message
    path = write(tmp_path / "t.csv", "text,text,label,x,x\na,b,c,d,e\n")
    (problem,) = problems(path)
    assert problem.message == f"{path} has several columns `text`"
    assert read(write(path, "text,label,x,x\na,b,c,d\n")).texts == ["a"]


def refused_with(path, **keys):
    """The hints of what is wrong with a file."""
    return " ".join(problem.hint or "" for problem in problems(path, **keys))


LIKE_SMS_SPAM = """\
ham\tGo until jurong point, crazy.. Available only in bugis n great world la e buffet...
ham\t"Ok lar" Joking wif u oni
spam\tFree entry in 2 a wkly comp; "win FA Cup final tkts
ham\t"U dun say so early hor
spam\tcall now" or text
ham\tNah, he lives around here
"""


def test_a_file_without_header_and_with_stray_quotes_is_read_by_following_the_messages(tmp_path):
    path = write(tmp_path / "SMSSpamCollection", LIKE_SMS_SPAM)
    assert 'data.delimiter: "\\t"' in refused_with(path)
    assert "`data.header: [label, text]`" in refused_with(path, delimiter="\t")
    keys = {"delimiter": "\t", "header": ("label", "text")}
    found = problems(path, **keys)
    assert [(problem.place.line, problem.message) for problem in found] == [
        (2, "text follows a closing quote"),
        (4, "the quote opened in this row is closed in line 5, where text follows it"),
    ]
    assert "`data.quote: none`" in found[-1].hint
    rows = read(path, quote="none", **keys)
    lines = [line.split("\t") for line in LIKE_SMS_SPAM.splitlines()]
    assert rows.texts == [text for _, text in lines]
    assert rows.targets == [(label,) for label, _ in lines]


@pytest.mark.parametrize("size", [1, 40, 1 << 20])
def test_quoted_fields_that_join_rows_are_counted(tmp_path, monkeypatch, size):
    monkeypatch.setattr(blocks, "BLOCK", size)
    content = 'label\ttext\nham\t"I said\nspam\tbuy now"\nham\tok\nspam\t"two\nlines"\n'
    path = write(tmp_path / "t.tsv", content)
    rows = read(path, delimiter="\t")
    assert rows.texts == ["I said\nspam\tbuy now", "ok", "two\nlines"]
    (note,) = rows.notes
    assert f"{path}: 1 quoted field joined 2 lines that look like rows" in str(note)
    assert "the first in line 2" in str(note)
    assert "data.quote: none" in note.remedy
    write(path, "\n".join(content.split("\n")[:4]))
    rows = read(path, delimiter="\t", quote="none")
    assert rows.texts == ['"I said', 'buy now"', "ok"]
    assert rows.targets == [("ham",), ("spam",), ("ham",)]
    assert rows.notes == []


@settings(deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.lists(st.text("ab, '", max_size=8), min_size=1, max_size=3).map("\n".join),
            st.sampled_from(("yes", "no")),
        ),
        min_size=1,
        max_size=8,
    ),
    first=st.booleans(),
)
def test_texts_with_line_ends_and_commas_are_no_joined_rows(tmp_path_factory, rows, first):
    stream = io.StringIO(newline="")
    names = ("label", "text") if first else ("text", "label")
    csv.writer(stream).writerows(
        [names, *((label, text) if first else (text, label) for text, label in rows)]
    )
    path = write(tmp_path_factory.mktemp("csv") / "t.csv", stream.getvalue())
    found = read(path)
    assert found.notes == []
    assert found.texts == [text for text, _ in rows]


@pytest.mark.parametrize("quote", ["double", "single"])
@settings(deadline=None)
@given(
    rows=st.lists(st.tuples(CELLS, LABELS), min_size=1, max_size=8), size=st.sampled_from((7, 99))
)
def test_either_quote_is_read_as_the_csv_module_writes_it(tmp_path_factory, quote, rows, size):
    stream = io.StringIO(newline="")
    sign = {"double": '"', "single": "'"}[quote]
    writer = csv.writer(stream, quotechar=sign, quoting=csv.QUOTE_ALL)
    writer.writerows([("text", "label"), *rows])
    path = write(tmp_path_factory.mktemp("csv") / "t.csv", stream.getvalue())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK", size)
        found = read(path, quote=quote)
    assert found.texts == [text for text, _ in rows]
    assert found.targets == [(label,) for _, label in rows]


def test_a_header_of_the_config_names_the_columns_and_may_be_that_of_the_file(tmp_path):
    names = ("label", "text")
    bare = write(tmp_path / "bare.csv", "x,a b\ny,c\n")
    full = write(tmp_path / "full.csv", "label,text\nx,a b\ny,c\n")
    for path in (bare, full):
        assert read(path, header=names).texts == ["a b", "c"]
        (chunk, _) = read_csv(path, DataConfig(header=names), "classify")
        assert chunk.lines == ([1, 2] if path is bare else [2, 3])
    (problem,) = problems(bare, header=("label", "text", "id"))[-1:]
    assert "where `data.header` names 3" in problem.message


def test_what_surrounds_the_rows_is_skipped_and_counted(tmp_path):
    content = "sep=;\n\n# made by hand\ntext;label\na;x\n;\n# or not\nb;y\n;\n"
    content += "\N{BYTE ORDER MARK}text;label\nc;x\n"
    for size in (1, 1 << 20):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(blocks, "BLOCK", size)
            path = write(tmp_path / "t.csv", content)
            rows = read(path, comment="#")
        assert rows.texts == ["a", "b", "c"]
        assert rows.lines == [5, 8, 11]
        assert list(map(str, rows.notes)) == [
            f"{path}: skipped 1 line that declares the delimiter",
            f"{path}: skipped 1 blank line",
            f"{path}: skipped 2 rows of empty fields",
            f"{path}: skipped 2 comment lines",
            f"{path}: skipped 1 repetition of the header",
        ]
        assert not any(note.remedy for note in rows.notes)
    (chunk, _) = read_csv(path, DataConfig(comment="#"), "classify")
    assert chunk.lines == [5, 8, 11]


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        ("# made by hand\ntext,label\na,b\n", 'data.comment: "#"'),
        ("text,label\na,b\n# the end\n", 'data.comment: "#"'),
        ("text,label\n'a, b','c'\n", "data.quote: single"),
        ('text,label\n"a \\"b\\" c",d\n', 'sed \'s/\\\\"/""/g\''),
        ("text,label\na,b,\nc,d,\n", "end the header with a delimiter too"),
        ("a b c,x\nd e,x\nf g,y\n", "`data.header: [text, label]`"),
        ("How are you all today\tBien\n", "`data.delimiter"),
        ("x|a b c|1\nx|d, e|2\ny|f g|3\n", 'data.delimiter: "|"'),
    ],
)
def test_the_hint_names_the_key_or_the_command(tmp_path, content, hint):
    assert hint in refused_with(write(tmp_path / "t.csv", content))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_text_of_several_bytes_a_character_comes_with_the_key_that_reads_it(tmp_path, encoding):
    content = "text,label\na,b\nc,d\n"
    (problem,) = problems(write(tmp_path / "my file.csv", content.encode(encoding)))
    assert encoding.replace("-", "").upper()[:5] in problem.message.replace("-", "")
    assert problem.hint == f"state it: `data.encoding: {encoding}`"
    rows = read(tmp_path / "my file.csv", encoding=encoding)
    assert (rows.texts, rows.targets) == (["a", "c"], [("b",), ("d",)])


def test_a_tab_may_be_written_without_quotes(tmp_path):
    path = write(tmp_path / "t.csv", "text\tlabel\na b\tx\n")
    assert read(path, delimiter="\\t").texts == ["a b"]


def test_a_word_a_row_is_named(tmp_path):
    path = write(tmp_path / "t.csv", "text,label\n" + "word,O\n" * 20)
    (note,) = read(path, task="tag").notes
    assert "each row has one word, and is read as a sentence" in str(note)
    assert "CoNLL" in note.remedy
    write(path, "text,label\n" + "word,O\n" * 20 + "two words,O O\n")
    assert read(path, task="tag").notes == []


def test_a_list_of_labels_that_is_never_closed_is_a_fault_of_its_row(tmp_path):
    rows = f"text,tags\na,b\nx,{'[' * 100_000}\n"
    (problem,) = problems(write(tmp_path / "t.csv", rows), labels="tags")
    assert problem.message == "the list of labels is never closed: `[` without `]` (column `tags`)"
    assert problem.place.line == 3


def test_a_record_without_end_is_refused_before_it_fills_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "MOST_LINES", 100)
    path = write(tmp_path / "t.csv", "text,label\na,b\n" + '"a\n",' * 1000)
    (problem,) = problems(path)
    assert problem.message == "the quote opened in this row is never closed"
    assert problem.place.line == 3
