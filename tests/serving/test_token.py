"""Tokens in files, each refusal by one error, and how clients show them."""

import subprocess
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest

from rnnbuild.errors import ArgumentError
from rnnbuild.serving.token import Token, note_on_readers, read_token, shown_token

SECRET = b"abcdefgh01234567/+=="


@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n", b" \n"])
def test_a_token_is_the_file_s_line(tmp_path: Path, ending: bytes) -> None:
    path = tmp_path / "token"
    path.write_bytes(SECRET + ending)
    token = read_token(path)
    assert token.equals(SECRET)
    assert not any(map(token.equals, (b"", SECRET[:-1], SECRET + b"=", SECRET.upper())))


def test_a_token_is_never_printed(tmp_path: Path) -> None:
    assert SECRET.decode() not in repr(Token(SECRET)) + str(vars(Token(SECRET)))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (SECRET + b"\n" + SECRET, "has several lines"),
        (b"short", "has a token of 5 characters"),
        (b"two words are not a token", "has characters that a token cannot have"),
        ("schlüsselschlüssel".encode(), "has characters that a token cannot have"),
        (b"\x1b[2Jabcdefgh01234567", "has characters that a token cannot have"),
        (b"a" * 1_025, "has more than 1,024 bytes"),
    ],
)
def test_a_file_without_a_token_is_one_error(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "token"
    path.write_bytes(content)
    with pytest.raises(ArgumentError, match=says) as caught:
        read_token(path)
    assert len(caught.value.problems) == 1
    assert content.decode("latin-1").strip()[:5] not in str(caught.value) or not content.strip()


def test_a_file_that_is_not_there_or_a_folder_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="No such file or directory"):
        read_token(tmp_path / "token")
    with pytest.raises(ArgumentError, match="Is a directory"):
        read_token(tmp_path)


def test_the_command_in_the_hint_writes_a_token_that_only_its_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "my token"
    with pytest.raises(ArgumentError) as caught:
        read_token(path)
    command = (caught.value.problems[0].hint or "").removeprefix("write one: ")
    subprocess.run(command, shell=True, check=True)
    read_token(path)
    assert note_on_readers(path) is None


def test_a_file_that_others_may_read_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_bytes(SECRET)
    path.chmod(0o640)
    assert "other users of this machine may read" in (note_on_readers(path) or "")


def test_a_token_is_shown_in_a_header_or_as_a_subprotocol() -> None:
    coded = urlsafe_b64encode(SECRET).decode().rstrip("=")
    assert shown_token(b"Bearer " + SECRET, ()) == SECRET
    assert shown_token(b"bearer  " + SECRET, ()) == SECRET
    assert shown_token(None, ("rnnbuild", f"bearer.{coded}")) == SECRET
    for authorization in (b"", b"Bearer", b"Basic " + SECRET, SECRET):
        assert not shown_token(authorization, ())
    for name in ("", "bearer.", "bearer.a", "bearer.\u00e9"):
        assert not shown_token(None, (name,))
