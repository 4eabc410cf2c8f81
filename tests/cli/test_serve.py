"""Arguments of `rnnbuild serve` that cannot be used; what it does is tested in tests/serving."""

from pathlib import Path

import pytest

from rnnbuild.serving.limits import Limits
from tests.cli.command import rnnbuild


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--port", "65536", "--port"),
        ("--port", "http", "--port"),
        ("--drain", "-1", "--drain"),
        ("--drain", "nan", "--drain"),
        ("--grace", "inf", "--grace"),
        ("--grace", "soon", "--grace"),
        ("--body", "0", "--body"),
        ("--inputs", "0", "--inputs"),
        ("--tokens", "1.5", "--tokens"),
        ("--waiting-tokens", "-5", "--waiting-tokens"),
        ("--seconds", "0", "--seconds"),
        ("--seconds", "nan", "--seconds"),
        ("--streams", "-1", "--streams"),
        ("--idle", "nan", "--idle"),
        ("--connections", "0", "--connections"),
        ("--receiving", "nan", "--receiving"),
        ("--host", "no-such-host.invalid", "the name is unknown"),
        ("--token-file", "nowhere", "--token-file: nowhere cannot be read"),
        ("--allowed-host", "https://example.org", "is not the name of a host"),
        ("--allowed-host", "example.org:443", "is not the name of a host"),
    ],
)
def test_what_cannot_be_used_is_one_error(
    tmp_path: Path, option: str, value: str, says: str
) -> None:
    arguments = () if option == "--port" else ("--port", "0")
    result = rnnbuild("serve", tmp_path, *arguments, option, value, folder=tmp_path)
    assert result.code == 2
    assert says in result.err
    assert result.err.count("error: ") == 1
    assert len(result.err.splitlines()) == 2  # with its hint
    assert result.out == ""


def test_a_folder_without_a_run_is_one_error(tmp_path: Path) -> None:
    result = rnnbuild("serve", tmp_path, "--port", "0")
    assert result.code == 2
    assert result.err.count("error: ") == 1


def test_each_limit_has_an_option_with_its_default_in_the_help() -> None:
    help_text = " ".join(rnnbuild("serve", "--help", columns=200).out.split())
    for name, default in vars(Limits()).items():
        option = help_text.partition(f"--{name.replace('_', '-')} ")[2].partition(" --")[0]
        assert f"[default: {default}" in option.replace(", ", "; ").replace(";", "]"), name
