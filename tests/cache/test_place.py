"""Where the cache is, for every kind of home."""

import sys
from pathlib import Path

import platformdirs
import pytest

from rnnbuild.cache import place
from rnnbuild.cache.entry import read_entry, write_entry
from rnnbuild.cache.filled_folder import cached_folder
from rnnbuild.cache.place import cache_folder


@pytest.mark.skipif(sys.platform != "linux", reason="another system has another folder for caches")
def test_the_cache_is_where_the_desktop_specification_says_or_where_the_user_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RNNBUILD_CACHE")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert cache_folder() == tmp_path / ".cache" / "rnnbuild"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "elsewhere"))
    assert cache_folder() == tmp_path / "elsewhere" / "rnnbuild"
    monkeypatch.setenv("RNNBUILD_CACHE", "~/mine")
    assert cache_folder() == tmp_path / "mine"
    monkeypatch.setenv("RNNBUILD_CACHE", "~no-such-user/mine")
    assert cache_folder() == Path("~no-such-user/mine")


def test_a_user_without_a_home_has_no_cache_and_loses_only_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def homeless(*arguments: object, **options: object) -> Path:
        raise RuntimeError("could not determine the home directory")

    monkeypatch.delenv("RNNBUILD_CACHE")
    monkeypatch.setattr(platformdirs, "user_cache_path", homeless)
    monkeypatch.setattr(place, "_REASONS", [])
    assert cache_folder() is None
    write_entry("kind", "key", b"content")
    assert read_entry("kind", "key") is None
    folder = cached_folder(
        "kind", "key", lambda folder: (folder / "file").write_bytes(b"x") and None
    )
    assert (folder / "file").read_bytes() == b"x"
    assert place.why_not_cached() == "there is no home directory for a cache"
