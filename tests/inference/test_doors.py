"""The same row by every door: what training reads is what predict and evaluate read.

Equal tokens and equal ids, and so equal answers, whatever the format and whatever is in the text.
"""

import csv
import io
import json
import re
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.load import load_data
from rnnbuild.data.readers.lists import text_of_words
from rnnbuild.inference.inputs import file_input, standard_input, texts_input
from tests.cli.command import replaced

SIGNS = (
    *("New York", "i.e.", "256,000", "256\u00a0000", "don't", "a/b", "#1", "[x]", '"', "--", "O"),
    *("e\u0301", "\u00e9", "\U0001f469\u200d\U0001f680", "\u0646\u0645\u06cc\u200c\u062e"),
    *("\ufeff", "\u3000", "\u0130", "\u212b", "\ufb01", "\u2028", "-DOCSTART-", "_", "\x1c"),
)
WORDS = st.one_of(
    st.sampled_from(SIGNS), st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
)
SENTENCES = st.lists(st.lists(WORDS, min_size=1, max_size=5), min_size=1, max_size=4)
TEXTS = st.lists(st.lists(WORDS, max_size=5).map(" ".join), min_size=1, max_size=4)

MARKED = re.compile("(^|[\r\n])\ufeff")
COLUMNS = {
    "classify": ("text", "label"),
    "tag": ("text", "label"),
    "translate": ("source", "target"),
}
ENDINGS = {"lines": "txt", "parallel": "tsv"}
FORMATS = {
    "classify": ("csv", "tsv", "jsonl", "parquet", "lines"),
    "tag": ("csv", "tsv", "jsonl", "parquet", "lines", "conll"),
    "translate": ("csv", "tsv", "jsonl", "parquet", "lines", "parallel"),
}


def text_of(cell):
    return cell if isinstance(cell, str) else text_of_words(cell)


def can_contain(name, texts, labelled):
    """Whether a file of the format can contain the texts at all."""
    cells = [cell for row in texts for cell in ([row] if isinstance(row, str) else row)]
    # A byte order mark at the start of a line is no part of its text.
    if name not in ("jsonl", "parquet") and any(MARKED.search(cell) for cell in cells):
        return False
    if name == "conll":
        words = [word for row in texts for word in row]
        plain = all(
            word and word == word.strip() and not set("\t\r\n") & set(word) for word in words
        )
        first = all(row[0] != "-DOCSTART-" for row in texts)
        # Without tags there is no tab that would say that a space is part of a word.
        return plain and first and (labelled or not any(" " in word for word in words))
    outside = {"lines": "\r\n", "parallel": "\t\r\n"}.get(name, "")
    return not any(set(outside) & set(text_of(text)) for text in texts)


def write(path, name, columns):
    """Columns of cells as a file; a list in a cell is written as the format can."""
    rows = list(zip(*columns.values(), strict=True))
    if name == "parquet":
        pq.write_table(pa.table(columns), path)
        return
    stream = io.StringIO(newline="")
    if name in ("csv", "tsv"):
        delimiter, end = ("\t" if name == "tsv" else ","), ("\r\n" if len(rows) % 2 else "\n")
        writer = csv.writer(stream, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
        writer.writerows([list(columns), *(map(text_of, row) for row in rows)])
    elif name == "jsonl":
        lines = [json.dumps(dict(zip(columns, row, strict=True))) for row in rows]
        stream.write("\r\n".join(lines))
    elif name == "conll":
        for row in rows:
            stream.writelines("\t".join(fields) + "\n" for fields in zip(*row, strict=True))
            stream.write("\n")
    elif name == "parallel":
        stream.writelines("\t".join(row) + "\r\n" for row in rows)
    else:
        stream.writelines(f"{text_of(row[0])}\n" for row in rows)
    path.write_bytes(stream.getvalue().encode("utf-8-sig"))


def ids_of(encoded):
    """The ids of each row."""
    return [
        encoded.values[start : start + length].tolist()
        for start, length in zip(encoded.starts, encoded.lengths, strict=True)
    ]


def ids_by_door(task, texts, targets, **keys):
    """Each door's ids, and the texts or words that each door of predict reads."""
    given_column, wanted_column = COLUMNS[task]
    both = {given_column: texts, wanted_column: targets}
    ids, read = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        signs = [[sign, "x"] if task == "tag" else sign for sign in SIGNS]
        write(
            base / "train.jsonl",
            "jsonl",
            {given_column: signs, wanted_column: labels_of(signs, task)},
        )
        config = DataConfig(train="train.jsonl", split={"validation": 0, "test": 0}, **keys)
        codec = load_data(config, base, task).codec

        def answered(door, given):
            read[door] = [text for text, _ in given.rows]
            ids[door] = ids_of(codec.encode_texts(read[door]))

        for name in FORMATS[task]:
            path = base / f"test.{ENDINGS.get(name, name)}"
            reading = {"format": "parallel"} if name == "parallel" else {}
            if name != "lines" and can_contain(name, texts, labelled=True):
                write(path, name, both)
                ids[f"evaluate {name}"] = ids_of(load_data(config, base, task, path, reading).test)
                answered(f"predict labelled {name}", file_input(path, config, reading, task))
            if can_contain(name, texts, labelled=False):
                write(path, name, {given_column: texts})
                answered(f"predict {name}", file_input(path, config, reading, task))
        lines = list(map(text_of, texts))
        answered("arguments", texts_input(lines, task))
        if can_contain("lines", texts, labelled=False):
            content = "".join(f"{line}\n" for line in lines).encode("utf-8-sig")
            with replaced("stdin", io.TextIOWrapper(io.BytesIO(content))):
                answered("standard input", standard_input(task))
    return ids, read


def labels_of(texts, task):
    """Some labels for texts: two, one for each word, or another text."""
    if task == "tag":
        return [["O" if n % 2 else "B-x" for n in range(len(words))] for words in texts]
    return [f"label {n % 2}" for n in range(len(texts))]


def agree(ids, read, texts):
    expected = ids["evaluate jsonl"]
    assert {door: rows for door, rows in ids.items() if rows != expected} == {}
    assert {door: rows for door, rows in read.items() if rows != texts} == {}


@settings(max_examples=30)
@given(texts=SENTENCES)
def test_given_words_are_the_same_by_every_door(texts):
    ids, read = ids_by_door("tag", texts, labels_of(texts, "tag"))
    assert [len(row) for row in ids["evaluate jsonl"]] == list(map(len, texts))
    agree(ids, read, [tuple(row) for row in texts])


@settings(max_examples=30)
@given(
    texts=TEXTS,
    level=st.sampled_from(("word", "character")),
    lowercase=st.booleans(),
    task=st.sampled_from(("classify", "translate")),
)
def test_texts_are_the_same_by_every_door(texts, level, lowercase, task):
    ids, read = ids_by_door(task, texts, labels_of(texts, task), level=level, lowercase=lowercase)
    agree(ids, read, texts)
