"""What a stream is: how wide, coloured or not, a person's or a program's."""

import fcntl
import io
import os
import pty
import struct
import termios
from collections.abc import Iterator

import pytest

from rnnbuild.cli.output.screen import Answers, colours, print_note, width_of


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLUMNS", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")


@pytest.fixture
def terminal() -> Iterator[io.TextIOWrapper]:
    """A real one, 57 columns wide."""
    reader, writer = pty.openpty()
    fcntl.ioctl(writer, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 57, 0, 0))
    with os.fdopen(writer, "w") as stream:
        yield stream
    os.close(reader)


def test_a_terminal_has_its_own_width_and_a_pipe_has_none(terminal) -> None:
    assert width_of(terminal) == 57
    assert width_of(io.StringIO()) is None
    assert width_of(Terminal()) == 80


@pytest.mark.parametrize("stated", ["0", "", "-5", "wide", "3.5", "٣", "9" * 5000, " "])
def test_a_width_that_is_none_is_as_if_it_were_not_stated(stated, terminal, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", stated)
    assert width_of(terminal) == 57
    assert width_of(io.StringIO()) is None


def test_a_stated_width_is_that_of_a_pipe_too(terminal, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "33")
    assert width_of(terminal) == width_of(io.StringIO()) == 33


def test_colours_are_for_terminals_that_want_them(monkeypatch) -> None:
    assert colours(Terminal())
    assert not colours(io.StringIO())
    monkeypatch.setenv("TERM", "dumb")
    assert not colours(Terminal())
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert colours(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not colours(Terminal())


def test_rows_for_programs_are_verbatim_unless_a_person_reads_them(monkeypatch) -> None:
    for stream, expected in ((io.StringIO(), "a\x1b[2J\tb\n"), (Terminal(), "a\\x1b[2J\tb\n")):
        monkeypatch.setattr("sys.stdout", stream)
        Answers().write("a\x1b[2J\tb\n")
        assert stream.getvalue() == expected


def test_a_note_in_a_log_is_one_line_and_in_a_terminal_wrapped(monkeypatch, capsys) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    print_note("a label x\x9b is in no other split")
    assert capsys.readouterr().err == "note: a label x\\x9b is in no other split\n"
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    print_note("a label x\x9b is in no other split")
    assert screen.getvalue() == "note: a label x\\x9b\nis in no other split\n"
