"""Standard input comes line by line as Python reads it, whatever the blocks; no line is endless."""

import io
import os
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbuild.data.readers import blocks
from rnnbuild.errors import DataError
from rnnbuild.inference.standard_input import StandardInput, lines_of

TEXT = st.text(st.sampled_from("aé€𝄞\n\r\x0b\x1c\u2028\x85 "), max_size=30)


@given(text=TEXT, mark=st.booleans(), size=st.integers(1, 9))
def test_lines_are_those_that_python_reads_whatever_the_blocks(text, mark, size):
    content = text.encode("utf-8-sig" if mark else "utf-8")
    expected = list(io.TextIOWrapper(io.BytesIO(content), "utf-8-sig", newline=""))
    stream = io.BytesIO(content)
    assert [line for lines in lines_of(lambda: stream.read(size)) for line in lines] == expected


@pytest.mark.parametrize("content", [b"a\nb\xffc\nd\n", "\ufeffa\n€".encode()[:-1]])
@pytest.mark.parametrize("size", [1, 4, 99])
def test_lines_before_one_that_is_not_utf8_are_read(content, size):
    stream, taken = io.BytesIO(content), []
    with pytest.raises(DataError, match=r"standard input:2:1: the byte 0x(ff|e2) is not UTF-8"):
        for lines in lines_of(lambda: stream.read(size)):
            taken += lines
    assert taken == ["a\n"]


def test_a_line_that_does_not_end_is_refused_before_it_fills_the_memory(monkeypatch):
    monkeypatch.setattr(blocks, "LONGEST", 100)
    given = iter([b"short\n", *[b"x" * 30] * 10])
    lines = lines_of(lambda: next(given))
    assert next(lines) == ["short\n"]
    with pytest.raises(DataError, match="longer than 100 characters") as refused:
        list(lines)
    assert "standard input:2:1" in str(refused.value)
    assert len(list(given)) == 6


@pytest.mark.skipif(os.name != "posix", reason="pipes can be asked on POSIX systems alone")
def test_a_pipe_is_waited_for_once_all_its_lines_are_taken(monkeypatch):
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as binary, os.fdopen(writing, "wb", 0) as given:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(binary))
        opened = StandardInput()
        lines = iter(opened)
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
