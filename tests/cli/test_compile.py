"""Compiling ahead, and the note of whoever has not."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from rnnbuild.cache.misses import report_miss
from rnnbuild.cli import app
from rnnbuild.models.engines import SMALL_BATCH
from tests.cli.command import rnnbuild


def nothing_but(*misses: str) -> object:
    """In place of `compile_kernels`: what it has to compile."""

    def compile_kernels() -> None:
        for name in misses:
            report_miss("kernels", name)

    return compile_kernels


def test_it_says_what_was_done_and_where(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RNNBUILD_CACHE", str(tmp_path))
    compile_kernels = "rnnbuild.training.compilation.compile_kernels"
    monkeypatch.setattr(compile_kernels, nothing_but("one", "other"))
    first = rnnbuild("compile")
    done, _, place = " ".join(first.out.split()).partition(" s: ")
    assert done.startswith("compiled 2 kernels in ")
    assert place == f"all kernels are in {tmp_path / 'kernels'}"
    monkeypatch.setattr(compile_kernels, nothing_but())
    again = rnnbuild("compile")
    assert " ".join(again.out.split()) == f"nothing to do: {place}"
    assert (first.code, first.err, again.code, again.err) == (0, "", 0, "")


def test_without_a_cache_there_is_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RNNBUILD_CACHE", "/proc/none")
    ended = rnnbuild("compile")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        "error: the cache /proc/none cannot be written: No such file or directory\n"
        "  hint: name another folder: RNNBUILD_CACHE=/path\n"
    )


@pytest.mark.parametrize("options", [[], ["--quiet"]], ids=["", "quiet"])
def test_a_terminal_gets_one_note_before_the_first_kernel(
    options: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["rnnbuild", "train", *options])
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with app.first_use_noted():
        nothing_but("one", "other")()
    note = (
        "note: compiling kernels for the first time on this machine, which takes some seconds; "
        "`rnnbuild compile` does it ahead of time"
    )
    assert " ".join(capsys.readouterr().err.split()) == ("" if options else note)


def test_the_note_is_printed_by_a_command_in_a_terminal(classify_run: Path, tmp_path: Path) -> None:
    """And JSON on standard output stays as it is."""
    parent, child = pty.openpty()
    long = "fine " * (SMALL_BATCH + 1)  # the kernels compute what is not small
    command = [sys.executable, "-m", "rnnbuild", "predict", str(classify_run), long]
    environment = {**os.environ, "RNNBUILD_CACHE": str(tmp_path), "COLUMNS": "200"}
    arguments = [*command, "--format", "json"]
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=child, env=environment
    ) as process:
        os.close(child)
        out = process.stdout.read() if process.stdout else b""
        err = b""
        while piece := read(parent):
            err += piece
    os.close(parent)
    assert err.count(b"note: compiling kernels") == 1
    assert out.startswith(b"[")


def read(terminal: int) -> bytes:
    """What there is to be read; nothing once the other side is closed, which Linux calls EIO."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""
