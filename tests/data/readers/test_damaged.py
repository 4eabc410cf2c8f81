"""Files damaged at random: a reader gives rows or says what is wrong, and nothing else."""

import gzip
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.readers.formats import READERS, format_of
from rnnbuild.data.rows.rows import rows_of
from rnnbuild.errors import DataError


def parquet_bytes():
    arrow = pytest.importorskip("pyarrow", reason="Parquet files need the extra `parquet`")
    parquet = pytest.importorskip("pyarrow.parquet", reason="Parquet needs the extra `parquet`")
    stream = io.BytesIO()
    table = arrow.table({"text": ["a b", "c", "déjà"] * 9, "label": ["x", "y", "x"] * 9})
    parquet.write_table(table, stream)
    return stream.getvalue()


LINES = [json.dumps({"text": f"a {n} ü", "label": "x"}, ensure_ascii=False) for n in range(5)]
CSV = 'text,label\r\n"a, ""b""\nc",x\nd é,y\n\ne,x'.encode()
SOUND = {
    "t.csv": ("classify", CSV),
    "t.tsv": ("classify", b"text\tlabel\na b\tx\nc\ty\n"),
    "t.csv.gz": ("classify", gzip.compress(CSV, mtime=0)),
    "t.jsonl": ("classify", "\n".join(LINES).encode()),
    "t.conll": ("tag", "EU\tB-ORG\nsagt\tO\n\nüber\tO\n".encode()),
    "t.conllu": ("tag", ("# c\n1-2\ta" + "\t_" * 8 + "\n1\tb" + "\t_" * 8 + "\n").encode()),
    "t.parquet": ("classify", None),
}
# Each takes the place of a run of bytes.
PATCHES = st.tuples(
    st.floats(0, 1),
    st.integers(0, 4),
    st.sampled_from((b'"', b"\n", b"\r", b"\0", b"\xff", b"\t", b",", b"{", b"]", b"\\u", b"# "))
    | st.binary(max_size=6),
)


@pytest.mark.parametrize("name", SOUND)
@settings(deadline=None, max_examples=60)
@given(patches=st.lists(PATCHES, min_size=1, max_size=4), cut=st.floats(0, 1) | st.none())
def test_damage_gives_rows_or_a_data_error(tmp_path_factory, name, patches, cut):
    task, sound = SOUND[name]
    content = bytearray(sound if sound is not None else parquet_bytes())
    for place, length, patch in patches:
        start = int(place * len(content))
        content[start : start + length] = patch
    if cut is not None:
        del content[int(cut * len(content)) :]
    path = tmp_path_factory.mktemp("damaged") / name
    path.write_bytes(content)
    try:
        rows = rows_of(READERS[format_of(path, None)](path, DataConfig(), task))
    except DataError as error:
        assert all(str(path) in str(problem) for problem in error.problems)
        return
    assert len(rows.texts) == len(rows.targets)
    for text, targets in zip(rows.texts, rows.targets, strict=True):
        text.encode()
        assert targets
