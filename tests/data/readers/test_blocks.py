"""Blocks end where lines do, and a line without an end is refused before it fills the memory."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbuild.data.disk.text_file import TextFile
from rnnbuild.data.readers import blocks
from rnnbuild.data.readers.blocks import Blocks, lines_of
from rnnbuild.errors import DataError


@given(text=st.text(st.sampled_from("aé\n\r\x0b\u2028"), max_size=30), size=st.integers(1, 9))
def test_blocks_are_whole_lines_and_all_of_the_text(text, size):
    file = TextFile.of("made", text)
    with pytest.MonkeyPatch.context() as patch, file.open() as stream:
        patch.setattr(blocks, "BLOCK", size)
        reader = Blocks(file, stream)
        parts = list(iter(reader.block, ""))
    lines = [line for part in parts for line in io.StringIO(part, newline="")]
    assert lines == list(io.StringIO(text, newline="")) == list(lines_of(file))


def in_blocks(file):
    with file.open() as stream:
        yield from iter(Blocks(file, stream).block, "")


def test_a_line_over_the_limit_is_named_by_its_number(monkeypatch):
    monkeypatch.setattr(blocks, "LONGEST", 100)
    monkeypatch.setattr(blocks, "BLOCK", 10)
    file = TextFile.of("in.jsonl", "short\nshort\n" + "x" * 500 + "\nafter\n")
    lines = lines_of(file)
    assert [next(lines), next(lines)] == ["short\n", "short\n"]
    for rest in (lambda: list(lines), lambda: list(in_blocks(file))):
        with pytest.raises(DataError, match="longer than 100 characters") as refused:
            rest()
        assert "in.jsonl:3:1" in str(refused.value)
