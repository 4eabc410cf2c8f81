"""Signs of life before a run has anything to show."""

import io
import os
import pty
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest

from rnnbuild.cli.output.doing import doing


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_is_left_as_it_was() -> None:
    with mock.patch.object(sys, "stderr", Terminal()) as terminal, doing("reading"):
        assert terminal.getvalue() == "reading ...\r"
    assert terminal.getvalue() == "reading ...\r           \r"


def test_a_line_does_not_stay_before_an_error() -> None:
    with (
        mock.patch.object(sys, "stderr", Terminal()) as terminal,
        pytest.raises(ValueError),
        doing("reading"),
    ):
        raise ValueError
    assert terminal.getvalue().endswith(" \r")


def test_a_pipe_and_whoever_wants_the_result_alone_get_nothing() -> None:
    with mock.patch.object(sys, "stderr", io.StringIO()) as pipe, doing("reading"):
        pass
    with mock.patch.object(sys, "stderr", Terminal()) as terminal, doing("reading", shown=False):
        pass
    assert pipe.getvalue() == terminal.getvalue() == ""


def test_train_says_what_it_is_doing_until_it_trains(tmp_path: Path) -> None:
    here, there = pty.openpty()
    arguments = ("train", "--dry-run", "--set", "model.layers.0.units=2")
    process = subprocess.Popen(
        [sys.executable, "-m", "rnnbuild", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=there,
        cwd=tmp_path,
    )
    os.close(there)
    printed = b""
    try:
        while part := os.read(here, 65536):
            printed += part
    except OSError:  # Linux says so that the other end is closed
        pass
    os.close(here)
    assert process.wait() == 0
    steps = [b"reading the config ...", b"reading and encoding the data ...", b"loading TensorFlow"]
    places = [printed.index(step) for step in steps]
    assert places == sorted(places)
