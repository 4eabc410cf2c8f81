"""The program as a whole: its commands, its exit codes, and how it ends when something is wrong."""

import errno
import io
import os
import subprocess
import sys
from importlib.metadata import version
from unittest import mock

import pytest

from rnnbuild.cli import app as program
from rnnbuild.cli.app import COMMANDS, colours
from tests.cli.command import rnnbuild

RUN = [sys.executable, "-m", "rnnbuild"]


def test_the_version_is_the_packages() -> None:
    found = rnnbuild("--version")
    assert (found.out, found.code) == (f"rnnbuild {version('rnnbuild')}\n", 0)


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_has_a_line_for_every_command_in_the_order_of_their_use(option: str) -> None:
    found = rnnbuild(option, columns=80)
    assert found.code == 0
    words = found.out.split()
    positions = [words.index(name, words.index("Commands:")) for name in COMMANDS]
    assert positions == sorted(positions)
    for line in COMMANDS.values():
        assert line in found.out


def test_without_arguments_the_help_is_shown() -> None:
    found = rnnbuild()
    assert "Usage" in found.out + found.err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_a_sentence_for_every_option(name: str) -> None:
    import typer

    from rnnbuild.cli.app import import_module

    command = typer.main.get_command(import_module(f"rnnbuild.cli.{name}").app)
    assert command.help
    silent = [parameter.name for parameter in command.params if not getattr(parameter, "help", "")]
    assert silent == []
    assert rnnbuild(name, "--help").code == 0
    assert rnnbuild(name, "-h").code == 0


def test_an_unknown_command_is_answered_with_the_nearest() -> None:
    found = rnnbuild("sumary")
    assert (found.code, found.out) == (2, "")
    assert found.err == (
        "error: there is no command `sumary` (did you mean `summary`?)\n"
        "  hint: `rnnbuild --help` lists the commands\n"
    )


@pytest.mark.parametrize(
    "arguments", [["check", "--fromat", "json"], ["check"], ["show", "classic", "--format", "xml"]]
)
def test_a_wrong_argument_exits_2_and_says_so_on_stderr(arguments: list[str]) -> None:
    found = rnnbuild(*arguments)
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith("error: ")
    assert f"`rnnbuild {arguments[0]} --help`" in found.err


def test_an_unknown_option_is_answered_with_the_nearest() -> None:
    assert rnnbuild("check", "classic", "--fromat", "json").err == (
        "error: there is no option `--fromat` (did you mean `--format`?)\n"
        "  hint: `rnnbuild check --help` tells how it is called\n"
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_has_whole_words_in_80_columns_and_its_own_options(name: str) -> None:
    found = rnnbuild(name, "--help", columns=80).out
    assert "…" not in found
    assert "completion for the current shell" not in found
    assert max(map(len, found.splitlines())) <= 80


def test_a_mistake_of_the_program_is_a_sentence_and_a_traceback_only_when_asked_for() -> None:
    def broken(standalone_mode: bool) -> None:
        raise ZeroDivisionError("division by zero")

    with mock.patch.object(program, "app", broken):
        found = rnnbuild("check", "classic")
        assert found.code == 1
        assert found.err == (
            "error: rnnbuild itself failed: ZeroDivisionError: division by zero\n"
            "  hint: run the command again as `rnnbuild --debug ...` for the traceback to report\n"
        )
        with pytest.raises(ZeroDivisionError):
            rnnbuild("--debug", "check", "classic")


def test_a_full_disk_under_the_result_is_a_sentence() -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    with mock.patch.object(program, "app", side_effect=full):
        found = rnnbuild("check", "classic")
    assert (found.code, found.err) == (
        1,
        "error: nothing more can be written: No space left on device\n",
    )


def test_an_interrupted_program_exits_130() -> None:
    with mock.patch.object(program, "app", side_effect=KeyboardInterrupt):
        assert rnnbuild("check", "classic").code == 130


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_colours_are_for_terminals_that_want_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert colours(Terminal())
    assert not colours(io.StringIO())
    monkeypatch.setenv("TERM", "dumb")
    assert not colours(Terminal())
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not colours(Terminal())


def test_what_is_piped_holds_no_control_characters() -> None:
    for arguments in (["configs"], ["show", "classic", "--diff"], ["check", "no such"]):
        ended = subprocess.run([*RUN, *arguments], capture_output=True, text=True)
        assert "\x1b" not in ended.stdout + ended.stderr


def test_a_reader_that_goes_away_is_no_mistake() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as closed:
        ended = subprocess.run([*RUN, "schema"], stdout=closed, stderr=subprocess.PIPE, text=True)
    assert ended.stderr == ""
    assert ended.returncode in (0, 1)


def completed(line: str) -> list[str]:
    """What bash offers where the cursor stands at the end of a line."""
    words = line.split(" ")
    environment = os.environ | {
        "_RNNBUILD_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
    }
    program_of_its_own = (
        "import sys; sys.argv = ['rnnbuild']; from rnnbuild.cli.app import main; main()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program_of_its_own], env=environment, capture_output=True, text=True
    )
    assert ended.stderr == ""
    return ended.stdout.split()


def test_the_shell_completes_commands_options_configs_and_datasets() -> None:
    assert completed("rnnbuild su") == ["summary"]
    assert completed("rnnbuild check cla") == ["classic"]
    assert "--resolved" in completed("rnnbuild show --r")
    assert completed("rnnbuild configs qui") == ["quickstart"]
    assert completed("rnnbuild init --dataset ama") == ["amazon"]
