"""Pairs of texts in lines: what is read, and what is refused by its line."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.config.schema.data import DataConfig, SplitConfig
from rnnbuild.data.disk.files import find_files
from rnnbuild.data.load import load_data
from rnnbuild.data.readers.parallel import read_parallel, read_side_by_side
from rnnbuild.data.rows.rows import rows_of
from rnnbuild.errors import DataError

FIELD = st.text(st.characters(exclude_characters="\t\r\n", exclude_categories=["Cs"]), min_size=1)


def read(folder, content):
    path = folder / "pairs.tsv"
    path.write_text(content, encoding="utf-8", newline="")
    rows = rows_of(read_parallel(path, DataConfig(), "translate"))
    return rows, [(text, *target) for text, target in zip(rows.texts, rows.targets, strict=True)]


def test_a_line_is_a_source_a_tab_and_its_target_and_quotes_are_quotes(tmp_path):
    _, pairs = read(tmp_path, 'He said "no".\tIl a dit « non ».\r\n"Go\tVa\n')
    assert pairs == [('He said "no".', "Il a dit « non »."), ('"Go', "Va")]


def test_blank_lines_and_further_columns_are_counted(tmp_path):
    rows, pairs = read(tmp_path, "a\tb\tCC-BY\n\n\nc\td")
    assert pairs == [("a", "b"), ("c", "d")]
    blank, further = map(str, rows.notes)
    assert "2 blank lines" in blank
    assert "ignored what follows the target in 1 line" in further


def test_a_source_without_a_target_is_refused_with_its_line(tmp_path):
    with pytest.raises(DataError) as caught:
        read(tmp_path, "a\tb\nalone\n")
    assert caught.value.problems[0].place.line == 2


@settings(deadline=None)
@given(st.lists(st.tuples(FIELD, FIELD), min_size=1, max_size=5))
def test_whatever_is_written_is_read(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("pairs")
    _, pairs = read(folder, "".join(f"{source}\t{target}\n" for source, target in rows))
    # A file may begin with a byte order mark, which is no part of its first line.
    first, *others = rows
    assert pairs == [(first[0].removeprefix("\ufeff"), first[1]), *others]


def load(folder, content, name="pairs.tsv", **data):
    (folder / name).write_text(content, encoding="utf-8", newline="")
    config = DataConfig.model_validate(
        {"train": name, "split": {"validation": 0, "test": 0}} | data
    )
    return load_data(config, folder)


def sources(loaded):
    return [loaded.row_text("train", row) for row in range(loaded.facts.rows[0])]


def test_columns_of_a_table_make_it_pairs(tmp_path):
    content = 'id,english,french\n1,"Yes, sir",Oui\n2,No,Non\n'
    found = load(tmp_path, content, "pairs.csv", source="english", target="french")
    assert found.facts.task == "translate"
    assert sources(found) == ["Yes, sir", "No"]
    assert found.codec.target_words == ("non", "oui")


def test_parallel_text_is_for_translate(tmp_path):
    assert load(tmp_path, "a\tb\n", format="parallel").facts.task == "translate"
    (tmp_path / "other.tsv").write_text("c d\te f\n")
    config = DataConfig(
        train="pairs.tsv", format="parallel", split=SplitConfig(validation=0, test=0)
    )
    found = load_data(config, tmp_path, test=tmp_path / "other.tsv")
    assert found.row_text("test", 0) == "c d"


def test_a_key_of_another_task_is_refused_since_it_would_do_nothing(tmp_path):
    with pytest.raises(DataError, match="`label` is for `classify` and `tag`"):
        load(tmp_path, "a\tb\n", format="parallel", label="x")
    with pytest.raises(DataError, match="`reverse` is for `translate`"):
        load(tmp_path, "text,label\na,b\nc,d\n", "table.csv", reverse=True)


def beside(folder, first, second, task="tag"):
    (folder / "t.in").write_text(first, encoding="utf-8", newline="")
    (folder / "t.out").write_text(second, encoding="utf-8", newline="")
    config = DataConfig(train="t.{in,out}")
    return rows_of(read_side_by_side(folder / "t.in", folder / "t.out", config, task))


def test_a_target_is_what_the_task_predicts(tmp_path):
    path = tmp_path / "t.txt"
    path.write_text("one two\ta b\nthree\tc\n")
    tags = rows_of(read_parallel(path, DataConfig(), "tag"))
    assert tags.words == [("one", "two"), ("three",)]
    assert tags.targets == [("a", "b"), ("c",)]
    labels = rows_of(read_parallel(path, DataConfig(), "classify"))
    assert labels.targets == [("a b",), ("c",)]
    several = DataConfig(labels="label", label_separator=" ")
    assert rows_of(read_parallel(path, several, "classify")).targets == [("a", "b"), ("c",)]
    with pytest.raises(DataError, match="has no column `class`: its lines are a text and a label"):
        rows_of(read_parallel(path, DataConfig(label="class"), "classify"))


def test_lines_of_two_files_belong_together_as_paste_puts_them(tmp_path):
    sources, targets = "a b\n\nc\r\n", "x\n\ny z"
    rows = beside(tmp_path, sources, targets, task="translate")
    pasted = subprocess.run(
        ["paste", tmp_path / "t.in", tmp_path / "t.out"], capture_output=True, check=True
    ).stdout.decode()
    # Lines that both have blank are a pair of empty texts in one file.
    whole, pairs = read(tmp_path, pasted.replace("\r", "").replace("\n\t\n", "\n"))
    assert (rows.texts, rows.targets) == (whole.texts, whole.targets)
    assert pairs == [("a b", "x"), ("c", "y z")]
    (note,) = map(str, rows.notes)
    assert note.endswith("t.in and " + f"{tmp_path}/t.out: skipped 1 line that both have blank")


@pytest.mark.parametrize(("first", "second"), [("a\nb\nc\n", "A\nB\n"), ("a\nb\n", "A\nB\nC")])
def test_a_file_that_is_longer_than_the_other_is_refused_with_both_names(tmp_path, first, second):
    with pytest.raises(DataError) as caught:
        beside(tmp_path, first, second)
    (problem,) = caught.value.problems
    longer, shorter = ("t.in", "t.out") if len(first) > len(second) else ("t.out", "t.in")
    assert problem.message == f"{tmp_path}/{shorter} ends before this line: it has 2 lines"
    assert (problem.place.source, problem.place.line) == (f"{tmp_path}/{longer}", 3)


def test_words_and_tags_that_do_not_fit_are_refused_with_both_names(tmp_path):
    with pytest.raises(DataError) as caught:
        beside(tmp_path, "a b\nc\n", "A B\nC C\n")
    (problem,) = caught.value.problems
    assert problem.message == f"1 words and 2 tags (line 2 of {tmp_path}/t.out)"
    assert (problem.place.source, problem.place.line) == (f"{tmp_path}/t.in", 2)


def test_a_pattern_of_braces_names_pairs_of_files_each_with_its_own_half(tmp_path):
    for name, text in (("1.en", "a\n"), ("1.fr", "b\n"), ("2.en", "c\n"), ("2.fr", "d\n")):
        (tmp_path / name).write_text(text)
    names = [path.name for path in find_files("*.{en,fr}", tmp_path, "train")]
    assert names == ["1.en", "1.fr", "2.en", "2.fr"]
    (tmp_path / "3.en").write_text("e\n")
    with pytest.raises(DataError, match="match 3 and 2 files"):
        find_files("*.{en,fr}", tmp_path, "train")
    (tmp_path / "x.{en,fr}").write_text("a file with such a name is that file\n")
    assert find_files("x.{en,fr}", tmp_path, "train") == [tmp_path / "x.{en,fr}"]


def test_keys_that_contradict_files_side_by_side_are_refused(tmp_path):
    for name in ("t.en", "t.fr"):
        (tmp_path / name).write_text("".join(f"{name} {n}\n" for n in range(9)))
    data = {"train": "t.{en,fr}", "split": {"validation": 0, "test": 0}}
    assert load_data(DataConfig.model_validate(data), tmp_path).facts.rows == (9, 0, 0)
    for key, value, message in (
        ("format", "csv", "which are lines of text, not csv"),
        ("delimiter", ";", "`delimiter` does nothing for files side by side"),
    ):
        with pytest.raises(DataError, match=message):
            load_data(DataConfig.model_validate(data | {key: value}), tmp_path)


@pytest.mark.parametrize("task", ["translate", "tag"])
def test_two_files_side_by_side_take_the_place_of_the_test_split(tmp_path, task, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, first in (("t", 0), ("more", 5)):
        for side in ("in", "out"):
            lines = (f"{side} {number}\n" for number in range(first, first + 9))
            (tmp_path / f"{name}.{side}").write_text("".join(lines))
    loaded = load_data(
        DataConfig.model_validate({"train": "t.{in,out}"}), tmp_path, task, Path("more.{in,out}")
    )
    assert loaded.facts.rows[2] == 9
    assert [loaded.row_text("test", row) for row in (0, 8)] == ["in 5", "in 13"]
    assert loaded.row_place("test", 8) == "more.in:9"
