"""Files in other encodings than UTF-8, and what is said of bytes that are not in theirs."""

import codecs
import gzip
import shutil
import subprocess
from encodings.aliases import aliases
from pathlib import Path

import pytest

from rnnbuild.config.schema.encoding import is_text_encoding
from rnnbuild.data.disk.text_file import read_text
from rnnbuild.errors import DataError, Problem

LINES = "text,label\r\ncaf\xe9,a\rna\xefve,b\n"


def problem(path: Path, encoding: str | None = None) -> Problem:
    with pytest.raises(DataError) as caught:
        read_text(path, encoding)
    return caught.value.problems[0]


@pytest.mark.skipif(shutil.which("iconv") is None, reason="the command iconv is not installed")
@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16", "utf-16-le", "cp850", "utf-7"])
def test_a_file_is_read_as_iconv_reads_it(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "t.txt"
    path.write_bytes(LINES.encode(encoding))
    name = {"latin-1": "latin1", "utf-16-le": "utf-16le"}.get(encoding, encoding)
    done = subprocess.run(
        ["iconv", "-f", name, "-t", "utf-8", path], capture_output=True, check=True
    )
    assert read_text(path, encoding) == done.stdout.decode() == LINES
    path.write_bytes(gzip.compress(LINES.encode(encoding)))
    assert read_text(path, encoding) == LINES


@pytest.mark.parametrize(
    ("text", "encoding", "reading"),
    [
        ("le caf\xe9\n", "latin-1", "caf\xe9"),
        ("caf\xe9", "latin-1", "caf\xe9"),
        ("a na\xefve plot\u2026\n", "cp1252", "na\xefve"),
        (
            "\u043f\u0440\u0438\u0432\u0435\u0442\n",
            "cp1251",
            "\u043f\u0440\u0438\u0432\u0435\u0442",
        ),
        ("\u4f60\u597d\u4e16\u754c\n", "gb18030", "\u4f60\u597d\u4e16\u754c"),
    ],
)
def test_the_error_names_an_encoding_that_reads_the_file_and_how(
    tmp_path: Path, text: str, encoding: str, reading: str
) -> None:
    path = tmp_path / "t.txt"
    path.write_bytes(text.encode(encoding))
    hint = problem(path).hint or ""
    assert f"`data.encoding: {encoding}` reads `{reading}`" in hint
    assert encoding not in ("latin-1", "cp1252") or "cp1251" not in hint
    assert read_text(path, encoding) == text


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_an_encoding_of_several_bytes_a_character_is_named(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "t.txt"
    path.write_bytes("a longer text\n".encode(encoding))
    assert problem(path).hint == f"state it: `data.encoding: {encoding}`"
    assert read_text(path, encoding) == "a longer text\n"


@pytest.mark.parametrize("before", ["", "a\r\nb\rc\n", "x\n" * 70_000, "y" * 65_535 + "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_byte_that_is_not_in_the_encoding_is_named_by_line_and_column(
    tmp_path: Path, before: str, mark: str
) -> None:
    path = tmp_path / "t.txt"
    path.write_bytes((mark + before).encode() + b"ab\x81c\nd\n")
    line = before.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    for encoding, name in ((None, "UTF-8"), ("cp1252", "in `cp1252`"), ("ascii", "in `ascii`")):
        if mark and encoding:
            continue  # the mark itself is three other characters there, or none
        found = problem(path, encoding)
        assert found.message == f"the byte 0x81 is not {name}"
        assert found.place is not None
        assert (found.place.line, found.place.column) == (line, 3)
        assert (found.place.text[:2], found.place.text[3:]) == ("ab", "c")


def test_a_file_that_ends_within_a_character_is_named_by_its_last_place(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    path.write_bytes("ab\n\u4f60".encode()[:-1])
    found = problem(path)
    assert found.message == "the bytes 0xe4 0xbd are not UTF-8"
    assert found.place is not None
    assert (found.place.line, found.place.column) == (2, 1)
    assert "reads `дЅ`" in (found.hint or "")


def test_utf_8_is_not_read_as_another_encoding_that_would_take_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    path.write_text("caf\xe9 " * 8, encoding="utf-8")
    found = problem(path, "latin-1")
    assert found.message == f"{path} is written in UTF-8, and `data.encoding` is `latin-1`"
    assert found.hint == "state `data.encoding: utf-8`"
    for encoding in ("utf-8", "utf-8-sig"):
        assert read_text(path, encoding) == "caf\xe9 " * 8
    path.write_text("\xc3\xa9\n", encoding="latin-1")  # two letters, which could be one of UTF-8
    assert read_text(path, "latin-1") == "\xc3\xa9\n"


def test_a_byte_order_mark_is_not_read_as_letters(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    for written in ("utf-16", "utf-32"):
        path.write_bytes("text\n".encode(written))
        assert problem(path, "latin-1").hint == f"state `data.encoding: {written}`"


def test_utf_16_without_a_mark_has_a_name_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    path.write_bytes("some text\n".encode("utf-16-be"))
    assert problem(path, "utf-16").hint == "state `data.encoding: utf-16-be`"
    assert read_text(path, "utf-16-be") == "some text\n"


def test_encodings_are_those_of_text_in_files() -> None:
    names = {name for pair in aliases.items() for name in pair}
    accepted = {codecs.lookup(name).name for name in filter(is_text_encoding, names)}
    assert {"iso8859-1", "cp1252", "utf-16", "utf-8", "shift_jis", "koi8-r"} <= accepted
    assert accepted.isdisjoint({"base64", "hex", "rot13", "zlib", "idna", "punycode"})
    for name in ("undefined", "unicode_escape", "raw_unicode_escape", "nothing", "", "a\0b", "os"):
        assert not is_text_encoding(name)
    for name in accepted:
        assert codecs.getincrementaldecoder(name)().decode(b"", final=True) == ""
