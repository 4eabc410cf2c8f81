"""Whatever the standard streams are, a command does its work and says what it could not print."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RNNBUILD = f"{sys.executable} -m rnnbuild"
COMPARE = f"{RNNBUILD} compare classic --vary cell=gru,lstm"


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["bash", "-c", command],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "cp437", "shift_jis"])
def test_what_an_encoding_lacks_is_replaced_and_counted(encoding: str) -> None:
    whole = shell(COMPARE, PYTHONIOENCODING="utf-8").stdout.decode()
    ended = shell(COMPARE, PYTHONIOENCODING=encoding)
    assert ended.returncode == 0
    printed = ended.stdout.decode(encoding)
    assert len(printed.splitlines()) == len(whole.splitlines())
    lacking = sum(not one.encode(encoding, "ignore") for one in whole)
    assert lacking
    assert f"note: {lacking} character" in ended.stderr.decode()


def test_json_is_the_same_in_any_encoding() -> None:
    command = f"{RNNBUILD} explain classic --format json"
    whole = shell(command, PYTHONIOENCODING="utf-8").stdout
    plain = shell(command, PYTHONIOENCODING="ascii")
    assert not whole.isascii()
    assert plain.stdout.isascii()
    assert json.loads(plain.stdout) == json.loads(whole)
    assert plain.stderr == b""


@pytest.mark.parametrize("width", ["0", "00", "", " "])
def test_a_screen_without_a_width_is_as_wide_as_a_pipe(width: str) -> None:
    usual = dict(os.environ)
    usual.pop("COLUMNS", None)
    explain = f"{RNNBUILD} explain classic"
    assert shell(explain, COLUMNS=width).stdout == shell(f"unset COLUMNS; {explain}").stdout


def test_an_argument_that_is_not_utf_8_is_named() -> None:
    ended = shell(f"{RNNBUILD} summary classic --set $'name=caf\\xe9'")
    assert ended.returncode == 2
    assert rb"error: the argument `name=caf\xe9` is not UTF-8" in ended.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_ends_no_command(closed: str) -> None:
    ended = shell(f"{RNNBUILD} summary classic {closed}")
    assert ended.returncode == 0
    assert ended.stderr == b""
    assert (b"671" in ended.stdout) == (">&-" not in closed.replace("2>&-", ""))


def test_a_file_never_takes_the_place_of_a_closed_stream(tmp_path: Path) -> None:
    program = (
        "from rnnbuild.cli.streams import prepare_streams; import os, sys; prepare_streams();"
        f"stream = open({str(tmp_path / 'file')!r}, 'wb'); os.write(2, b'noise'); stream.close()"
    )
    assert shell(f'{sys.executable} -c "{program}" <&- >&- 2>&-').returncode == 0
    assert (tmp_path / "file").read_bytes() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
@pytest.mark.parametrize("command", ["summary classic", "--help", "--version", "schema"])
def test_a_full_device_is_a_sentence(command: str) -> None:
    ended = shell(f"{RNNBUILD} {command} > /dev/full")
    assert ended.returncode == 1
    assert ended.stderr == b"error: cannot write the output: No space left on device\n"


def test_a_reader_that_has_gone_is_told_nothing() -> None:
    ended = shell(f"{RNNBUILD} schema | head -c 1; echo ${{PIPESTATUS[0]}}")
    assert ended.stdout == b"{1\n"
    assert ended.stderr == b""


@pytest.mark.parametrize("errors", ["2>/dev/full", "2>&1 | true"])
def test_notes_that_cannot_be_written_end_nothing(errors: str, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from rnnbuild.cli.streams import prepare_streams;"
        "prepare_streams(); sys.stdin.read();"
        "[print('a note', file=sys.stderr) for _ in range(9999)];"
        f"Path({str(tmp_path / 'done')!r}).touch()"
    )
    shell(f'(sleep 0.2 | {sys.executable} -c "{program}") {errors}')
    assert (tmp_path / "done").exists()


def test_termination_leaves_nothing_half_written(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path; from rnnbuild import atomic;"
        "from rnnbuild.cli import app;"
        f"file = atomic.opened(Path({str(tmp_path / 'file')!r}));"
        "app.exit_code = lambda: (file.__enter__(), os.kill(os.getpid(), signal.SIGTERM));"
        "\ntry: app.main()\nfinally: file.__exit__(*sys.exc_info())"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False
    )
    assert ended.returncode == 143
    assert list(tmp_path.iterdir()) == []
