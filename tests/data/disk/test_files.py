"""What is no file, or out of reach, is named for what it is."""

import os
import re
from pathlib import Path

import pytest

from rnnbuild.data.disk.files import find_files
from rnnbuild.data.disk.text_file import read_text
from rnnbuild.errors import DataError


def refusal(pattern: str, folder: Path) -> str:
    with pytest.raises(DataError) as caught:
        find_files(pattern, folder, "train")
    return str(caught.value)


def test_a_pipe_a_device_and_a_loop_of_links_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    assert f"`data.train`: {tmp_path}/pipe.csv is a pipe, not a file" in refusal(
        "pipe.csv", tmp_path
    )
    assert "/dev/zero is a device, not a file" in refusal("/dev/zero", tmp_path)
    assert "Too many levels of symbolic links" in refusal("loop.csv", tmp_path)


def test_a_name_that_no_file_can_have_is_refused_in_a_line(tmp_path: Path) -> None:
    assert "File name too long" in refusal("x" * 5000, tmp_path)
    # Python 3.11 calls it a null byte, 3.13 a null character.
    assert re.search("embedded null (byte|character)", refusal("a\0b", tmp_path))
    assert len(refusal("x" * 5000, tmp_path)) < 400


@pytest.mark.skipif(os.getuid() == 0, reason="root may read and write everything")
def test_a_folder_that_may_not_be_entered_is_named(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(0)
    try:
        assert "cannot be read: Permission denied" in refusal("closed/a.csv", tmp_path)
    finally:
        closed.chmod(0o700)


def test_half_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    for content, bad in ((b"\xef", "byte 0xef is"), (b"\xef\xbb", "bytes 0xef 0xbb are")):
        path.write_bytes(content)
        with pytest.raises(DataError, match=f"the {bad} not UTF-8"):
            read_text(path)


def test_a_nul_in_text_is_read_and_utf_16_without_a_mark_is_not(tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    for text in ("\0 B-PER\n", "\0\t\na\n", "a\0\n"):
        path.write_text(text, encoding="utf-8")
        assert read_text(path) == text
    for encoding in ("utf-16-le", "utf-16-be"):
        path.write_bytes("text,label\n日本,a\n".encode(encoding))
        with pytest.raises(DataError, match="is written in UTF-16"):
            read_text(path)
