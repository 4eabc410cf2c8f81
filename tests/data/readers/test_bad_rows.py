"""Rows that cannot be used are refused by their place, or skipped and counted where the config
says so; what is a bad row, format by format."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.load import load_data
from rnnbuild.data.readers.formats import READERS
from rnnbuild.data.rows.rows import Rows, rows_of
from rnnbuild.errors import ArgumentError, DataError, Problem
from rnnbuild.inference.inputs import file_input
from rnnbuild.tasks.facts import Task


def read(path: Path, name: str, task: Task, **data: Any) -> Rows:
    config = DataConfig.model_validate({"format": name, **data})
    return rows_of(READERS[name](path, config, task))


def problems(path: Path, name: str, task: Task, **data: Any) -> tuple[Problem, ...]:
    with pytest.raises(DataError) as caught:
        read(path, name, task, **data)
    return caught.value.problems


SENTENCE = "one\tA\ntwo\tB\n\n"
CASES: list[tuple[str, Task, str, list[tuple[str, int]]]] = [
    ("csv", "classify", "text,label\na,x\nb,\nc,x,y\nd,x\ne,y\nf,y\n", [("b", 3), ("c", 4)]),
    ("csv", "classify", 'text,label\na,x\nb"c"d,x\nd,y\n"e" f,x\ng,y\nh,y\n', [("e", 5)]),
    (
        "jsonl",
        "classify",
        '{"text": "a", "label": 1}\n{"text": "b"}\n{"text": null, "label": 1}\n{bad\n[1]\n'
        + '{"text": "c", "label": 2}\n' * 4,
        [("b", 2), ("", 3), ("", 4), ("", 5)],
    ),
    ("csv", "tag", "text,label\na b,X Y\nc d,X\ne,X\n", [("c d", 3)]),
    ("conll", "tag", SENTENCE + "bad\nx\tA\n\n" + SENTENCE, [("x", 4)]),
    ("conll", "tag", SENTENCE + "x\tA\nbad\n\n" + SENTENCE, [("x", 5)]),
    ("parallel", "translate", "a\tb\nalone\nc\td\n", [("alone", 2)]),
    ("parallel", "tag", "a b\tX Y\nc d\tX\ne\tX\n", [("c d", 2)]),
    (
        "labelled-lines",
        "classify",
        "x a\nalone\n__label__a __label__b c\ny b\n",
        [("", 2), ("", 3)],
    ),
]


@pytest.mark.parametrize(("name", "task", "content", "bad"), CASES)
def test_bad_rows_are_refused_by_their_lines_or_skipped_and_counted(
    tmp_path: Path, name: str, task: Task, content: str, bad: list[tuple[str, int]]
) -> None:
    path = tmp_path / "t"
    path.write_text(content, encoding="utf-8")
    refused = problems(path, name, task)
    assert [problem.place.line for problem in refused if problem.place] == [n for _, n in bad]
    rows = read(path, name, task, skip_bad_rows=True)
    assert not {text for text, _ in bad}.intersection(rows.texts)
    assert len(rows.texts) == len(rows.targets)
    (note,) = [note for note in rows.notes if "bad row" in note.text]
    assert f"{path}: skipped {len(bad)} bad row" in note.text
    for _, line in bad[:3]:
        assert f"line {line}: " in note.text
    assert note.remedy


def test_the_refusal_names_the_key_unless_most_rows_are_bad(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("text,label\n" + "a,x\nb,y\n" * 4 + "c,\n")
    (problem,) = problems(path, "csv", "classify")
    assert (problem.hint or "").endswith("; `data.skip_bad_rows: true` skips such rows")
    path.write_text("text,label\na,x\n" + "c,\n" * 2)
    assert "skip_bad_rows" not in str(problems(path, "csv", "classify"))
    last = problems(path, "csv", "classify", skip_bad_rows=True)[-1]
    assert (last.hint or "").endswith("`data.skip_bad_rows` skips no more rows than are read")


def test_what_is_wrong_with_the_file_is_no_bad_row(tmp_path: Path) -> None:
    for name, content in (
        ("a.csv", b"text,other\n" + b"a,x\n" * 9),
        ("b.csv", b"text,label\n" + b"a,x\n" * 9 + b"\xff,y\n"),
        ("c.jsonl", b'[{"text": "a", "label": "b"},\n{"text": "c", "label": "d"}]\n'),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(DataError):
            read(path, name[2:], "classify", skip_bad_rows=True)


@pytest.mark.parametrize(
    ("line", "cell"),
    [
        ("a,5,", ""),
        (",5,", ""),
        ('"a, ""b""",5,', ""),
        ("x,2 1,y", "2 1"),
        ('"a,b",many,y', "many"),
    ],
)
def test_the_cell_is_underlined_where_the_column_is_known(
    tmp_path: Path, line: str, cell: str
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"text,spam,class\nok,1,a\n{line}\nok,0,b\n")
    labels = {"labels": ["spam"]} if cell else {"label": "class"}
    (problem,) = problems(path, "csv", "classify", **labels)
    place = problem.place
    assert place is not None
    assert (place.line, place.text[place.column - 1 :][: place.length]) == (3, cell)
    position = {"spam": 1, "class": 2}["spam" if cell else "class"]
    assert next(csv.reader([line]))[position] == cell
    assert ("`spam`" if cell else "`class`") in problem.message


def test_the_value_of_a_key_is_underlined(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text('{"text": "a", "label": "b"}\n{"text": "label", "label": [1, {"a": 2}]}\n')
    (problem,) = problems(path, "jsonl", "classify")
    place = problem.place
    assert place is not None
    marked = place.text[place.column - 1 :][: place.length]
    assert json.loads(marked) == [1, {"a": 2}]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(["no label", "ragged"]), min_size=1, max_size=6), st.randoms())
def test_rows_are_split_as_if_the_bad_ones_were_not_in_the_file(
    tmp_path_factory: pytest.TempPathFactory, kinds: list[str], random: Any
) -> None:
    folder = tmp_path_factory.mktemp("split")
    good = [(f"text {n}", "ab"[n % 2]) for n in range(30)]
    mixed: list[tuple[str, ...]] = list(good)
    for kind in kinds:
        row = ("bad", "") if kind == "no label" else ("bad", "a", "b")
        mixed.insert(random.randint(0, len(mixed)), row)
    splits = []
    for name, rows in (("good.csv", good), ("mixed.csv", mixed)):
        with io.StringIO() as stream:
            csv.writer(stream).writerows([("text", "label"), *rows])
            (folder / name).write_text(stream.getvalue())
        data = DataConfig.model_validate({"train": name, "skip_bad_rows": name != "good.csv"})
        loaded = load_data(data, folder)
        splits.append(
            [
                [loaded.row_text(split, row) for row in range(len(loaded.split(split).lengths))]
                for split in ("train", "validation", "test")
            ]
        )
    assert splits[0] == splits[1]


def test_every_row_to_be_answered_is_answered_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text('{"text": "a"}\n{"text": 5}\n')
    data = DataConfig.model_validate({"train": "t.jsonl", "skip_bad_rows": True})
    with pytest.raises(DataError, match="the text is the number 5") as caught:
        list(file_input(path, data, {}, "classify").rows)
    assert "skip_bad_rows" not in str(caught.value)
    with pytest.raises(ArgumentError, match="every row is answered"):
        file_input(path, data, {"skip_bad_rows": True}, "classify")
