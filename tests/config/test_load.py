"""From a file's bytes to a checked config: encodings, line ends, and what is no config at all."""

import os
from pathlib import Path

import pytest

from rnnbuild.config.bundled import bundled_config, bundled_config_names
from rnnbuild.config.load import default_name, folder_of_files, load_config
from rnnbuild.errors import ConfigError

TEXT = "name: size\nmodel:\n  layers:\n    - {cell: gru, units: 4}\n"


def written(folder: Path, content: bytes, name: str = "config.yaml") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def refusal(path: Path | str) -> str:
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    return str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode(),
        TEXT.rstrip().encode(),
        f"# größer, 长度\n{TEXT}".encode(),
    ],
    ids=["unix", "byte-order mark", "windows", "windows editor", "no last line end", "comments"],
)
def test_a_config_is_read_however_an_editor_saves_it(content: bytes, tmp_path: Path) -> None:
    config = load_config(written(tmp_path, content))
    assert (config.name, config.model.layers[0].units) == ("size", 4)  # type: ignore[union-attr]


def test_what_a_bundled_config_names_is_looked_for_here(tmp_path: Path) -> None:
    assert folder_of_files("classic") == Path()
    assert folder_of_files(written(tmp_path, TEXT.encode())) == tmp_path


def test_places_count_the_same_with_windows_line_ends(tmp_path: Path) -> None:
    wrong = TEXT.replace("units: 4", "units: x")
    expected = refusal(written(tmp_path, wrong.encode()))
    windows = written(tmp_path, b"\xef\xbb\xbf" + wrong.replace("\n", "\r\n").encode())
    assert refusal(windows) == expected


def test_a_config_without_a_name_has_its_files(tmp_path: Path) -> None:
    text = TEXT.replace("name: size\n", "")
    assert load_config(written(tmp_path, text.encode(), "my reviews!.yml")).name == "my-reviews"
    assert default_name(Path("äöü.yaml")) == "model"


def test_a_file_that_is_not_there_is_named_with_the_nearest(tmp_path: Path) -> None:
    written(tmp_path, TEXT.encode(), "reviews.yaml")
    assert refusal(tmp_path / "revews.yaml") == (
        f"there is no file {tmp_path}/revews.yaml (did you mean `{tmp_path}/reviews.yaml`?)\n"
        "  hint: `rnnbuild init` writes a config"
    )


def test_a_name_that_does_not_come_along_is_answered_with_the_nearest() -> None:
    assert refusal("clasic") == (
        "there is no file clasic, and no bundled config of that name "
        "(did you mean `classic`?)\n  hint: `rnnbuild configs` lists the configs that do"
    )


def test_a_folder_is_not_a_config(tmp_path: Path) -> None:
    assert refusal(tmp_path).endswith(f"hint: name a file in it: {tmp_path}/config.yaml")
    written(tmp_path, b"", "reviews.yaml")
    assert refusal(tmp_path).endswith(f"hint: name a file in it: {tmp_path}/reviews.yaml")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"# only this\n", b"\xef\xbb\xbf", b"---\n"])
def test_an_empty_file_is_not_a_config(content: bytes, tmp_path: Path) -> None:
    path = written(tmp_path, content)
    assert (
        refusal(path) == f"{path} is empty\n  hint: `rnnbuild init` writes a config to start from"
    )


def test_binary_is_not_a_config(tmp_path: Path) -> None:
    path = written(tmp_path, b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    assert refusal(path) == f"{path} is not a text file\n  hint: a config is YAML, in UTF-8"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_reported_as_such_where_it_says_so(encoding: str, tmp_path: Path) -> None:
    found = refusal(written(tmp_path, TEXT.encode(encoding)))
    assert ("UTF-16" in found) == (encoding == "utf-16")
    assert "UTF-8" in found


def test_a_byte_of_another_encoding_is_shown_at_its_place(tmp_path: Path) -> None:
    path = written(tmp_path, "# x\nname: ok # größe\n".encode("latin-1"))
    assert refusal(path) == (
        f"{path}:2:14: the byte 0xf6 is not UTF-8\n"
        "  2 | name: ok # gr\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}e\n"
        "    |              ^\n"
        "  hint: save the file as UTF-8"
    )


def test_fifty_megabytes_are_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    with path.open("wb") as stream:
        stream.write(b"a: 1\n")
        stream.truncate(50_000_000)
        stream.seek(0)
        stream.write(b"#" * (1 << 20) + b"#\n")
    assert refusal(path) == (
        f"{path} has 50.0 MB; a config has at most 1 MB\n"
        "  hint: is this the data? A config names it: `data: {train: train.csv}`"
    )


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no /dev/zero here")
def test_a_device_without_end_is_refused() -> None:
    assert "/dev/zero" in refusal("/dev/zero")


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() == 0, reason="root may read and write everything"
)
def test_a_file_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    path = written(tmp_path, TEXT.encode())
    path.chmod(0)
    assert refusal(path) == f"{path} cannot be read: Permission denied"


def test_a_name_longer_than_any_file_has_is_refused() -> None:
    assert "cannot be read: File name too long" in refusal("a" * 5000)


@pytest.mark.parametrize("name", bundled_config_names())
def test_every_bundled_config_is_valid_and_says_what_it_is(name: str) -> None:
    path = bundled_config(name)
    assert path is not None
    assert path.read_text(encoding="utf-8").startswith("# ")
    assert load_config(name).model_dump() == load_config(path).model_dump()


def test_a_bundled_config_is_found_with_and_without_its_ending() -> None:
    assert bundled_config("classic") == bundled_config("classic.yaml")
    assert bundled_config("no such config") is None
