"""Lines that begin with their label: TREC's, and fastText's with a prefix."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.readers.labelled_lines import read_labelled_lines
from rnnbuild.data.rows.rows import rows_of
from rnnbuild.errors import DataError

WORD = st.text(st.characters(categories=["L", "N"]), min_size=1)


def read(folder, content, task="classify", **data):
    path = folder / "t.txt"
    path.write_text(content, encoding="utf-8", newline="")
    config = DataConfig.model_validate(data)
    return rows_of(read_labelled_lines(path, config, task))


def problems(folder, content, **data):
    with pytest.raises(DataError) as caught:
        read(folder, content, **data)
    return caught.value.problems


def test_a_label_goes_up_to_the_first_blanks_or_tab(tmp_path):
    rows = read(tmp_path, "DESC:manner How did it end ?\r\nNUM:date\t When ?\n\nb  c \td\n")
    assert rows.texts == ["How did it end ?", "When ?", "c \td"]
    assert rows.targets == [("DESC:manner",), ("NUM:date",), ("b",)]
    assert list(map(str, rows.notes)) == [f"{tmp_path}/t.txt: skipped 1 blank line"]
    rows = read(tmp_path, "very good\tfine plot\n", delimiter="\t")
    assert (rows.texts, rows.targets) == (["fine plot"], [("very good",)])


def test_the_prefix_of_fasttext_is_no_part_of_a_label(tmp_path):
    rows = read(tmp_path, "__label__a one __label__ two\n__label__b two\n")
    assert rows.texts == ["one __label__ two", "two"]
    assert rows.targets == [("a",), ("b",)]
    rows = read(tmp_path, "__label__a __label__b one\n__label__c two\nd|e three\n", labels="label")
    assert rows.texts == ["one", "two", "three"]
    assert rows.targets == [("a", "b"), ("c",), ("d", "e")]


def test_several_labels_of_a_line_are_refused_with_the_key_that_reads_them(tmp_path):
    (problem,) = problems(tmp_path, "__label__a one\n__label__a __label__b two\n")
    assert (problem.place.line, problem.message) == (2, "2 labels")
    assert problem.hint == "`data.labels: label` reads several labels a line"


@pytest.mark.parametrize("line", ["alone", " a text", "__label__a", "__label__ text"])
def test_a_line_without_a_label_or_a_text_is_refused_by_its_place(tmp_path, line):
    (problem,) = problems(tmp_path, f"a one\n{line}\nb two\n")
    assert problem.place.line == 2
    assert problem.message == "a label without a text, or a text without a label"


def test_columns_have_no_other_names_and_other_tasks_have_no_labels(tmp_path):
    (problem,) = problems(tmp_path, "a one\n", label="class")
    assert "has no column `class`: its lines are a text and a label" in problem.message
    (problem,) = problems(tmp_path, "a one\n", task="tag")
    assert "has a label for each line, but `task: tag` needs" in problem.message


def test_a_line_to_be_answered_is_a_text_unless_labels_have_the_prefix(tmp_path):
    path = tmp_path / "t.txt"
    path.write_text("How did it end ?\n\n__label__a __label__b one\n")
    rows, _ = read_labelled_lines(path, DataConfig(), "classify", labelled=False)
    assert rows.texts == ["How did it end ?", "", "one"]
    assert rows.columns[2] == {"text": "one", "label": "a b"}


@settings(deadline=None)
@given(st.lists(st.tuples(WORD, st.lists(WORD, min_size=1).map(" ".join)), min_size=1, max_size=5))
def test_whatever_is_written_is_read(tmp_path_factory, rows):
    lines = "".join(f"{label} {text}\n" for label, text in rows)
    found = read(tmp_path_factory.mktemp("lines"), lines)
    assert [
        (label, text) for (label,), text in zip(found.targets, found.texts, strict=True)
    ] == rows
