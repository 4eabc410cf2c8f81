"""Parquet: what pyarrow writes is read back, batch by batch."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.config.load import config_of
from rnnbuild.config.places import Source
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.config.yaml_tree import read_tree
from rnnbuild.data.readers import parquet
from rnnbuild.data.readers.parquet import read_parquet
from rnnbuild.data.rows.rows import rows_of
from rnnbuild.errors import DataError, MissingExtraError

arrow = pytest.importorskip("pyarrow", reason="Parquet files need the extra `parquet`")
pq = pytest.importorskip("pyarrow.parquet", reason="Parquet files need the extra `parquet`")

GRU = {"cell": "gru", "units": 4}
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def read(path, task="classify", **keys):
    return rows_of(read_parquet(path, DataConfig(**keys), task))


def write(path, **columns):
    pq.write_table(arrow.table(columns), path)
    return path


@settings(deadline=None, max_examples=25)
@given(
    rows=st.lists(st.tuples(TEXTS, st.integers(0, 5)), min_size=1, max_size=12),
    chunk=st.sampled_from((1, 3, 100)),
)
def test_what_pyarrow_writes_is_read_back_in_batches(tmp_path_factory, rows, chunk):
    path = tmp_path_factory.mktemp("parquet") / "t.parquet"
    write(path, extra=[0.5] * len(rows), label=[n for _, n in rows], text=[t for t, _ in rows])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parquet, "CHUNK", chunk)
        chunks = list(read_parquet(path, DataConfig(), "classify"))
    assert max(len(found) for found in chunks) <= chunk
    assert [line for found in chunks for line in found.lines] == list(range(1, len(rows) + 1))
    found = rows_of(chunks)
    assert found.texts == [text for text, _ in rows]
    assert found.targets == [(str(number),) for _, number in rows]


def test_lists_are_words_and_tags(tmp_path):
    path = write(tmp_path / "t.parquet", text=[["a", "b"], ["c"]], label=[["X", "Y"], ["Z"]])
    found = read(path, "tag")
    assert found.words == [("a", "b"), ("c",)]
    assert found.targets == [("X", "Y"), ("Z",)]


def test_missing_cells_are_refused_by_the_number_of_their_row(tmp_path):
    path = write(tmp_path / "t.parquet", text=["a", None, "c"], label=["x", "y", None])
    with pytest.raises(DataError) as caught:
        read(path)
    assert [problem.place.line for problem in caught.value.problems] == [2, 3]
    assert caught.value.problems[0].message == "the text is missing"


def test_a_missing_column_and_a_damaged_file_are_reported(tmp_path):
    path = write(tmp_path / "t.parquet", texts=["a"], label=["x"])
    with pytest.raises(DataError, match="did you mean `data"):
        read(path)
    content = path.read_bytes()
    for damaged in (
        content[:-20],
        b"text,label\n",
        b"",
        content[:40] + b"\xff" * 40 + content[80:],
    ):
        path.write_bytes(damaged)
        with pytest.raises(DataError):
            read(path)


def test_without_pyarrow_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r'pip install "rnnbuild\[parquet\]"'):
        read(tmp_path / "t.parquet")


def test_a_missing_column_is_shown_at_the_key_that_names_it(tmp_path):
    config = config_of(
        {"data": {"train": "t.parquet", "text": "words"}, "model": {"layers": [GRU]}},
        read_tree(Source("c.yaml", "data: {train: t.parquet, text: words}")).places,
    )
    path = write(tmp_path / "t.parquet", text=["a"], label=["b"])
    assert config.data is not None
    with pytest.raises(DataError, match="no column `words`") as caught:
        list(read_parquet(path, config.data, "classify"))
    assert str(caught.value.problems[0].place) == "c.yaml:1:32"


def test_whole_numbers_have_the_same_names_in_a_column_with_missing_ones(tmp_path):
    """Programs make a column of whole numbers one of floats where a row lacks its number."""
    whole = write(tmp_path / "i.parquet", text=["a", "b"], label=[1, 2])
    floats = write(tmp_path / "f.parquet", text=["a", "b"], label=[1.0, 2.0])
    assert read(whole).targets == read(floats).targets == [("1",), ("2",)]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (arrow.timestamp("ns"), [2**62 + 1]),
        (arrow.timestamp("s"), [10**12]),
        (arrow.date32(), [1]),
        (arrow.decimal128(5, 2), [1]),
        (arrow.binary(), [b"a"]),
        (arrow.struct([("a", arrow.int8())]), [{"a": 1}]),
        (arrow.list_(arrow.timestamp("ns")), [[1]]),
    ],
)
def test_a_column_of_no_text_is_refused_by_its_type(tmp_path, kind, values):
    path = write(tmp_path / "t.parquet", text=arrow.array(values, kind), label=["a"])
    with pytest.raises(DataError, match=f"the column `text` of .* is of type .*{str(kind)[:4]}"):
        read(path)


def test_a_time_that_python_cannot_have_is_text_beside_an_answer(tmp_path):
    column = arrow.array([10**12], arrow.timestamp("s"))
    path = write(tmp_path / "t.parquet", text=["a"], when=column)
    rows, _ = read_parquet(path, DataConfig(), "classify", labelled=False)
    assert "1000000000000" in rows.columns[0]["when"]
