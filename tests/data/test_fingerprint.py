"""Fingerprints of files."""

import hashlib

from rnnbuild.cache import cache_folder
from rnnbuild.data import fingerprint
from rnnbuild.data.fingerprint import sha256_of


def test_a_file_is_recognised_by_its_content(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(bytes(range(256)) * 9999)
    assert sha256_of(path) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_large_file_is_read_once_until_it_changes(tmp_path, monkeypatch):
    monkeypatch.setenv("RNNBUILD_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(fingerprint, "LARGE", 10)
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    first = sha256_of(path)
    assert first == hashlib.sha256(b"0123456789").hexdigest()
    with monkeypatch.context() as patch:
        patch.setattr(fingerprint, "read_sha256", lambda path: "read again")
        assert sha256_of(path) == first
        path.write_bytes(b"0123456789a")
        assert sha256_of(path) == "read again"
    (known,) = [
        file for file in (cache_folder() / "sha256").iterdir() if len(file.read_text()) == 64
    ]
    known.write_bytes(b"\xff")
    path.write_bytes(b"0123456789")
    assert sha256_of(path) == first


def test_a_cache_that_cannot_be_written_changes_nothing(tmp_path, monkeypatch):
    (tmp_path / "cache").write_text("no folder")
    monkeypatch.setenv("RNNBUILD_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(fingerprint, "LARGE", 1)
    path = tmp_path / "file"
    path.write_bytes(b"x")
    assert sha256_of(path) == hashlib.sha256(b"x").hexdigest()
