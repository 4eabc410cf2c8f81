"""An entry of one file is sound or is not there."""

from pathlib import Path

import pytest

from rnnbuild.cache import place
from rnnbuild.cache.entry import read_entry, write_entry


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RNNBUILD_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(place, "_REASONS", [])
    return tmp_path / "cache"


@pytest.mark.parametrize("content", [b"", b"x", bytes(range(256)) * 300])
def test_what_is_written_is_read(folder: Path, content: bytes) -> None:
    assert read_entry("kind", "key") is None
    write_entry("kind", "key", content)
    assert read_entry("kind", "key") == content
    assert read_entry("kind", "other key") is None
    assert place.why_not_cached() is None


def test_no_entry_with_a_changed_byte_or_of_another_length_is_read(folder: Path) -> None:
    write_entry("kind", "key", b"some content")
    path = folder / "kind" / "key"
    written = path.read_bytes()
    for number in range(len(written)):
        changed = bytearray(written)
        changed[number] ^= 4
        path.write_bytes(changed)
        assert read_entry("kind", "key") is None
        path.write_bytes(written[:number])
        assert read_entry("kind", "key") is None
    path.write_bytes(written + b"x")
    assert read_entry("kind", "key") is None


def test_a_cache_that_is_a_file_or_holds_a_folder_of_the_name_is_no_error(folder: Path) -> None:
    (folder / "kind" / "key").mkdir(parents=True)
    write_entry("kind", "key", b"content")
    assert read_entry("kind", "key") is None
    (folder / "file").write_bytes(b"x")
    write_entry("file", "key", b"content")
    assert read_entry("file", "key") is None
    assert str(folder) in (place.why_not_cached() or "")
