"""Inputs come line by line as Python reads them, whatever the blocks, and no line is endless."""

import io
import os
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbuild.errors import DataError
from rnnbuild.inference.forms import source
from rnnbuild.inference.forms.csv import read_csv
from rnnbuild.inference.forms.source import Lines, open_source

TEXT = st.text(st.sampled_from("aé€𝄞\n\r\x0b\x1c\u2028\x85 "), max_size=30)


@given(text=TEXT, mark=st.booleans(), size=st.integers(1, 9))
def test_lines_are_those_that_python_reads_whatever_the_blocks(text, mark, size):
    content = text.encode("utf-8-sig" if mark else "utf-8")
    expected = list(io.TextIOWrapper(io.BytesIO(content), "utf-8-sig", newline=""))
    blocks = io.BytesIO(content)
    assert list(Lines("x", lambda: blocks.read(size))) == expected


def test_a_line_that_does_not_end_is_refused_before_it_fills_the_memory(monkeypatch):
    monkeypatch.setattr(source, "LONGEST_LINE", 100)
    blocks = iter([b"short\n", *[b"x" * 30] * 10])
    lines = iter(Lines("in.txt", lambda: next(blocks)))
    assert next(lines) == "short\n"
    with pytest.raises(DataError, match="longer than 100 characters") as refused:
        next(lines)
    assert "in.txt:2:1" in str(refused.value)
    assert len(list(blocks)) == 6


def test_a_quote_that_is_never_closed_ends_at_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr("rnnbuild.inference.forms.csv.LONGEST_LINE", 50)
    path = tmp_path / "in.csv"
    path.write_text('text\nfine\n"open\n' + "more\n" * 100)
    with open_source(path) as opened:
        rows = read_csv(opened)
        assert next(rows) == {"text": "fine"}
        with pytest.raises(DataError, match="field limit") as refused:
            next(rows)
    assert "in.csv:3:1" in str(refused.value)


@pytest.mark.skipif(os.name != "posix", reason="pipes can be asked on POSIX systems alone")
def test_a_pipe_is_waited_for_once_all_its_lines_are_taken(monkeypatch):
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as binary, os.fdopen(writing, "wb", 0) as given:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(binary))
        with open_source(None) as opened:
            lines = iter(opened.lines)
            assert opened.waited_for()
            given.write(b"one\ntwo\n")
            assert not opened.waited_for()
            assert next(lines) == "one\n"
            assert not opened.waited_for()
            assert next(lines) == "two\n"
            assert opened.waited_for()
            given.close()
            assert not opened.waited_for()
            assert next(lines, None) is None
        sys.stdin.detach()
