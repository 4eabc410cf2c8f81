"""JSON Lines: what json writes is read back; what is no row is named by its line."""

import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.readers import blocks
from rnnbuild.data.readers.jsonl import read_jsonl
from rnnbuild.data.rows.rows import rows_of
from rnnbuild.errors import DataError

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NAMES = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=4)


def read(path, task="classify", **keys):
    return rows_of(read_jsonl(path, DataConfig(**keys), task))


def write(path, *objects):
    path.write_text("\n".join(map(json.dumps, objects)), encoding="utf-8")
    return path


def problems(path, task="classify", **keys):
    with pytest.raises(DataError) as caught:
        read(path, task, **keys)
    return caught.value.problems


@settings(deadline=None)
@given(
    rows=st.lists(st.tuples(TEXTS, NAMES | st.integers()), min_size=1, max_size=8),
    escaped=st.booleans(),
    packed=st.booleans(),
    line_end=st.sampled_from(("\n", "\r\n", "\n\n")),
)
def test_what_json_writes_is_read_back(tmp_path_factory, rows, escaped, packed, line_end):
    lines = (
        json.dumps({"label": label, "text": text, "more": [1]}, ensure_ascii=escaped)
        for text, label in rows
    )
    content = line_end.join(lines).encode()
    path = tmp_path_factory.mktemp("jsonl") / "t.jsonl"
    path.write_bytes(gzip.compress(content) if packed else content)
    found = read(path)
    assert found.texts == [text for text, _ in rows]
    assert found.targets == [(str(label),) for _, label in rows]


@settings(deadline=None)
@given(rows=st.lists(st.lists(st.tuples(NAMES, NAMES), min_size=1), min_size=1, max_size=5))
def test_words_and_tags_may_be_lists(tmp_path_factory, rows):
    path = write(
        tmp_path_factory.mktemp("jsonl") / "t.jsonl",
        *({"words": [w for w, _ in row], "tags": [t for _, t in row]} for row in rows),
    )
    found = read(path, "tag", text="words", label="tags")
    assert found.words == [tuple(word for word, _ in row) for row in rows]
    assert found.targets == [tuple(tag for _, tag in row) for row in rows]


def test_several_labels_may_be_a_list_and_are_each_named_once(tmp_path):
    path = write(
        tmp_path / "t.jsonl", {"text": "x", "tags": ["a", 2, "a"]}, {"text": "y", "tags": []}
    )
    assert read(path, labels="tags").targets == [("a", "2"), ()]


def test_half_a_character_is_replaced_and_counted(tmp_path):
    path = tmp_path / "t.jsonl"
    path.write_text(
        '{"text": "a\\ud83d", "label": "b"}\n{"text": "\\ud83d\\ude00", "label": "c"}\n'
    )
    found = read(path)
    assert found.texts == ["a\N{REPLACEMENT CHARACTER}", "😀"]
    (note,) = found.notes
    assert "half of a character (a lone surrogate) as the replacement character in 1 line" in str(
        note
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"text": "a", "label": "b"', "not JSON"),
        ('["a", "b"]', "not a JSON object"),
        ('{"text": "a", "lable": "b"}', "no key `label`; it has `text`, `lable`"),
        ('{"text": 3, "label": "b"}', "the text is the number 3, not text"),
        ('{"text": null, "label": "b"}', "the text is missing"),
        ('{"text": "a", "label": null}', "this row has no label"),
        ('{"text": "a", "label": ["b"]}', "the label is a list, not text"),
        ('{"text": "a", "label": {}}', "the label is an object, not text"),
    ],
)
def test_a_line_that_is_not_a_row_is_named(tmp_path, line, message):
    path = tmp_path / "t.jsonl"
    path.write_text('{"text": "fine", "label": "b"}\n\n' + line + "\n")
    (problem,) = problems(path)
    assert message in problem.message
    assert problem.place.line == 3
    assert problem.place.text == line


def test_deep_nesting_and_endless_numbers_are_reported(tmp_path):
    path = tmp_path / "t.jsonl"
    for content in ("[" * 200_000, '{"text": ' + "9" * 10_000 + "}"):
        path.write_text(content)
        assert problems(path)[0].place.line == 1


@settings(deadline=None)
@given(
    rows=st.lists(st.sampled_from(['{"text": "a", "label": "b"}', "", " ", "{}", "1", '{"text']))
)
@pytest.mark.parametrize("size", [1, 40, 1 << 20])
def test_blocks_of_any_size_give_the_same_rows_and_the_same_fault(tmp_path_factory, rows, size):
    path = tmp_path_factory.mktemp("jsonl") / "t.jsonl"
    path.write_text("\n".join(rows))
    usual = [n for n, row in enumerate(rows, 1) if row.startswith('{"text": ')]
    odd = [n for n, row in enumerate(rows, 1) if row in ("{}", "1", '{"text')]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK", size)
        try:
            found = [
                line for rows in read_jsonl(path, DataConfig(), "classify") for line in rows.lines
            ]
        except DataError as error:
            assert error.problems[0].place.line == odd[0]
        else:
            assert not odd
            assert found == usual


def test_every_line_that_is_no_row_is_counted_and_the_first_are_shown(tmp_path):
    lines = ['{"text": "a", "label": "x"},'] * 3 + ['{"text": "a"}', "[1]", '{"text": "b"', ""]
    path = tmp_path / "t.jsonl"
    path.write_text("\n".join([*lines, '{"text": "c", "label": "y"}']))
    found = problems(path)
    assert [(p.place.line, p.place.column) for p in found[:5]] == [
        (1, 28),
        (2, 28),
        (3, 28),
        (4, 1),
        (5, 1),
    ]
    assert "1 more such line" in found[5].message
    assert "remove the comma at the end of each line" in found[5].hint


@pytest.mark.parametrize("indent", [None, 1])
def test_a_list_of_objects_comes_with_the_command_that_writes_lines(tmp_path, indent):
    path = tmp_path / "t.jsonl"
    rows = [{"text": "a", "label": "x"}, {"text": "b", "label": "y"}]
    path.write_text(json.dumps(rows, indent=indent))
    (problem,) = problems(path)
    assert f"`jq -c '.[]' {path} > {tmp_path / 'lines-t.jsonl'}`" in problem.hint
    path.write_text("\n".join(json.dumps(row, indent=1) for row in rows))
    (problem,) = problems(path)
    assert f"`jq -c . {path} > {tmp_path / 'lines-t.jsonl'}`" in problem.hint


def test_a_number_has_one_name_and_nan_is_no_label(tmp_path):
    path = write(tmp_path / "t.jsonl", *({"text": "a", "label": n} for n in (1, 1.0, -2.0, 0.5)))
    assert read(path).targets == [("1",), ("1",), ("-2",), ("0.5",)]
    (problem,) = problems(write(path, {"text": "a", "label": float("nan")}))
    assert problem.message == "this row has no label"
