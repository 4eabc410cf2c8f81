"""Pairs of texts in lines: what is read, and what is refused by its line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.config.schema.data import DataConfig, SplitConfig
from rnnbuild.data.load import load_data
from rnnbuild.data.readers.parallel import read_parallel
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
