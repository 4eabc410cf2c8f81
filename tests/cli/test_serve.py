"""Arguments of `rnnbuild serve` that cannot be used; what it does is tested in tests/serving."""

import socket
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
        ("--max-body", "0", "--max-body"),
        ("--max-inputs", "0", "--max-inputs"),
        ("--max-tokens", "1.5", "--max-tokens"),
        ("--max-waiting-tokens", "-5", "--max-waiting-tokens"),
        ("--max-wait", "0", "--max-wait"),
        ("--max-wait", "nan", "--max-wait"),
        ("--max-streams", "-1", "--max-streams"),
        ("--max-idle", "nan", "--max-idle"),
        ("--max-connections", "0", "--max-connections"),
        ("--max-transfer", "nan", "--max-transfer"),
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
    (tmp_path / "resolved.yaml").touch()  # so that it is a run
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


def test_a_missing_run_is_said_before_a_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = rnnbuild("serve", tmp_path / "nope", "--port", str(port))
    assert (result.code, result.err.count("error: ")) == (2, 1)
    assert "there is no run" in result.err


def test_an_option_by_its_beginning_is_the_one_that_begins_so(tmp_path: Path) -> None:
    result = rnnbuild("serve", tmp_path, "--token", "secret")
    assert result.code == 2
    assert "there is no option `--token` (did you mean `--token-file`?)" in result.err


def test_each_limit_has_an_option_with_its_default_in_the_help() -> None:
    help_text = " ".join(rnnbuild("serve", "--help", columns=200).out.split())
    named = {"seconds": "wait", "receiving": "transfer"}
    for name, default in vars(Limits()).items():
        option = f"--max-{named.get(name, name).replace('_', '-')} "
        option = help_text.partition(option)[2].partition(" --")[0]
        assert f"[default: {default}" in option.replace(", ", "; ").replace(";", "]"), name
