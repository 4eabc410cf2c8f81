"""The program as a whole: its commands, its exit codes and its errors."""

import errno
import os
import shlex
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from unittest import mock

import httpx
import pytest

from rnnbuild.cli import app as program
from rnnbuild.cli.app import COMMANDS
from rnnbuild.errors import Interrupted
from tests.adoption.foreign_models import L, binary, ids, saved
from tests.cli.command import rnnbuild
from tests.serving.server import serving

RUN = [sys.executable, "-m", "rnnbuild"]


def test_the_version_is_the_packages() -> None:
    result = rnnbuild("--version")
    assert (result.out, result.code) == (f"rnnbuild {version('rnnbuild')}\n", 0)


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_has_a_line_for_every_command_in_the_order_of_their_use(option: str) -> None:
    result = rnnbuild(option, columns=80)
    assert result.code == 0
    words = result.out.split()
    positions = [words.index(name, words.index("Commands:")) for name in COMMANDS]
    assert positions == sorted(positions)
    for line in COMMANDS.values():
        assert line in result.out


def test_without_arguments_the_help_is_shown() -> None:
    result = rnnbuild()
    assert "Usage" in result.out + result.err


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


def test_an_unknown_command_suggests_the_nearest() -> None:
    result = rnnbuild("sumary")
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        "error: there is no command `sumary` (did you mean `summary`?)\n"
        "  hint: `rnnbuild --help` lists the commands\n"
    )


@pytest.mark.parametrize(
    "arguments", [["check", "--fromat", "json"], ["check"], ["show", "classic", "--format", "xml"]]
)
def test_a_wrong_argument_exits_2_and_says_so_on_stderr(arguments: list[str]) -> None:
    result = rnnbuild(*arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: ")
    assert f"`rnnbuild {arguments[0]} --help`" in result.err


def test_an_unknown_option_suggests_the_nearest() -> None:
    assert rnnbuild("check", "classic", "--fromat", "json").err == (
        "error: there is no option `--fromat` (did you mean `--format`?)\n"
        "  hint: `rnnbuild check --help` shows the usage\n"
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_has_whole_words_in_80_columns_and_its_own_options(name: str) -> None:
    result = rnnbuild(name, "--help", columns=80).out
    assert "…" not in result
    assert "completion for the current shell" not in result
    assert max(map(len, result.splitlines())) <= 80


CHEAPER = {
    ("train",): ["--steps", "2"],
    ("bench",): ["--rounds", "1"],
    ("study", "languages"): ["--steps", "2", "--seeds", "1"],
    ("tune", "languages"): ["--steps", "2", "--trials", "1", "--confirm", "0"],
    ("tune", "searches/languages-1"): ["--trials", "2"],
}
"""Options that make an example cheap to run, by its first words; the last of equal ones counts."""


def examples_of(name: str) -> list[list[str]]:
    """The commands at the end of a command's help, without the file that their output goes to."""
    # A long command goes on after a backslash.
    lines = rnnbuild(name, "--help", columns=80).out.replace("\\\n", "").splitlines()
    start = next(number for number, line in enumerate(lines) if line.strip().startswith("Example"))
    return [
        shlex.split(line.partition(" > ")[0])[1:] for line in lines[start + 1 :] if line.strip()
    ]


def test_the_examples_in_every_help_are_commands_that_work(
    classify_run: Path, language_run: Path, tmp_path: Path
) -> None:
    for name in ("reviews-1", "reviews-2"):
        shutil.copytree(classify_run, tmp_path / "runs" / name)
    (tmp_path / "runs" / "latest").symlink_to("reviews-1")
    shutil.copytree(language_run, tmp_path / "runs" / "shakespeare-1")
    (tmp_path / "scene.txt").write_text("ROMEO:\nThe plot was dull.\n")
    rows = classify_run.parent / "reviews.csv"
    shutil.copy(rows, tmp_path / "more.csv")
    (tmp_path / "new.csv").write_text("text\na dull plot\n")
    (tmp_path / "mail.csv").write_text(
        "subject,folder\n" + "".join(f"hello {n},{'ab'[n % 2]}\n" for n in range(40))
    )
    (tmp_path / "token").write_text("0123456789abcdef")
    (tmp_path / "book.txt").write_text("To be, or not to be.\n" * 99)
    (tmp_path / "token").write_text("0123456789abcdef\n")
    saved(ids(L.LSTM(3), binary()), tmp_path / "imdb.keras")
    (tmp_path / "words.txt").write_text("the\nplot\nwas\ndull\n")
    run = 0
    # First `init`, which writes the config.yaml that others read.
    for name in sorted(COMMANDS, key=lambda name: name != "init"):
        for arguments in examples_of(name):
            assert arguments[0] == name
            if name == "serve":  # goes on until it is stopped
                with serving(*arguments[1:], folder=tmp_path) as server:
                    assert httpx.get(f"{server.url}/health").status_code == 200
                run += 1
                continue
            cheaper = next((CHEAPER[k] for k in CHEAPER if k == (*arguments[: len(k)],)), ())
            result = rnnbuild(*arguments, *cheaper, folder=tmp_path)
            assert result.code == 0, (arguments, result.err)
            run += 1
    assert run > len(COMMANDS)


def test_a_bug_prints_a_message_and_a_traceback_only_with_debug() -> None:
    def broken(standalone_mode: bool) -> None:
        raise ZeroDivisionError("division by zero")

    with mock.patch.object(program, "app", broken):
        result = rnnbuild("check", "classic")
        assert result.code == 1
        assert result.err == (
            "error: unexpected error in rnnbuild: ZeroDivisionError: division by zero\n"
            "  hint: this is a bug; to see the traceback, run `rnnbuild --debug ...`\n"
        )
        with pytest.raises(ZeroDivisionError):
            rnnbuild("--debug", "check", "classic")


def test_a_full_disk_prints_a_message() -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    with mock.patch.object(program, "app", side_effect=full):
        result = rnnbuild("check", "classic")
    assert (result.code, result.err) == (
        1,
        "error: cannot write the output: No space left on device\n",
    )


def test_an_interrupted_run_is_not_reported_as_an_error() -> None:
    stop = Interrupted("runs/a contains everything trained so far", 15, "continue with: ...")
    with mock.patch.object(program, "app", side_effect=stop):
        result = rnnbuild("train")
    assert (result.code, result.out) == (143, "")
    assert result.err == (
        "stopped: runs/a contains everything trained so far\n  hint: continue with: ...\n"
    )


def test_an_interrupted_program_exits_130() -> None:
    with mock.patch.object(program, "app", side_effect=KeyboardInterrupt):
        assert rnnbuild("check", "classic").code == 130


def test_piped_output_has_no_control_characters() -> None:
    for arguments in (["configs"], ["show", "classic", "--diff"], ["check", "no such"]):
        ended = subprocess.run([*RUN, *arguments], capture_output=True, text=True)
        assert "\x1b" not in ended.stdout + ended.stderr


def test_a_closed_pipe_is_not_an_error() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as closed:
        ended = subprocess.run([*RUN, "schema"], stdout=closed, stderr=subprocess.PIPE, text=True)
    assert ended.stderr == ""
    assert ended.returncode in (0, 1)


def completions(line: str) -> list[str]:
    """What bash offers when the cursor is at the end of a line."""
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
    assert completions("rnnbuild su") == ["summary"]
    assert completions("rnnbuild check cla") == ["classic"]
    assert "--resolved" in completions("rnnbuild show --r")
    assert completions("rnnbuild configs qui") == ["quickstart"]
    assert completions("rnnbuild init --dataset ama") == ["amazon"]
