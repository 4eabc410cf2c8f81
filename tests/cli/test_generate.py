"""`rnnbuild generate`: text as it comes."""

import io
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import rnnbuild as package
from rnnbuild.cli.generate import write_pieces
from rnnbuild.cli.options import Format
from rnnbuild.cli.output.scores import print_outcome
from rnnbuild.runs.directory import open_run as open_folder
from rnnbuild.runs.metrics_file import read_metrics
from tests.cli.command import replaced, rnnbuild
from tests.cli.output.test_display import PATIENCE_SECONDS, ROOT, screens
from tests.test_imports import HEAVY, modules_after

COMMAND = [sys.executable, "-m", "rnnbuild", "generate"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
OPTIONS = ("--prompt", "The ", "--seed", "5", "--length", "60")


@pytest.fixture(scope="module")
def text(language_run: Path) -> str:
    """What these options write."""
    return package.open_run(language_run).generate("The ", seed=5, length=60)


def test_training_names_it_as_what_to_do_next(
    language_run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    metrics = read_metrics(open_folder(language_run))
    assert metrics is not None
    # With scores, and where no rows were held out.
    for outcome in (metrics, replace(metrics, scores={})):
        print_outcome(language_run, outcome, Format.table)
        (command,) = re.findall(r"^next +rnnbuild (.*)$", capsys.readouterr().out, re.MULTILINE)
        assert command == f"generate {language_run}"
    assert rnnbuild(*shlex.split(command)).code == 0


def test_stdout_is_the_text_alone_and_that_of_python(language_run: Path, text: str) -> None:
    written = rnnbuild("generate", language_run, *OPTIONS)
    assert (written.code, written.out, written.err) == (0, text, "")


def test_another_process_writes_the_same_text_to_a_file(
    language_run: Path, text: str, tmp_path: Path
) -> None:
    with (tmp_path / "play.txt").open("w") as stream:
        subprocess.run([*COMMAND, language_run, *OPTIONS], stdout=stream, env=ENVIRONMENT)
    assert (tmp_path / "play.txt").read_text() == text


def test_a_seed_that_was_drawn_is_named_and_writes_the_text_again(language_run: Path) -> None:
    first = rnnbuild("generate", language_run, "--temperature", "0.8")
    note = re.fullmatch(
        r"note: the seed is (\d+): `(--seed \1)` writes the same text again\n", first.err
    )
    assert note, first.err
    again = rnnbuild("generate", language_run, "--temperature", "0.8", *note[2].split())
    assert (again.out, again.err) == (first.out, "")
    assert len(first.out) == 500
    # The likeliest token each time: no seed.
    assert rnnbuild("generate", language_run, "--temperature", "0").err == ""


def test_json_has_the_text_and_all_that_it_depends_on(language_run: Path, text: str) -> None:
    written = rnnbuild("generate", language_run, *OPTIONS, "--stop", "xyz", "--format", "json")
    assert written.code == 2  # the model knows no x and no z
    written = rnnbuild("generate", language_run, *OPTIONS, "--stop", "::", "--format", "json")
    assert written.err == ""
    assert written.json == {
        "run": str(language_run),
        "prompt": "The ",
        "text": text,
        "temperature": 1.0,
        "top_k": None,
        "top_p": None,
        "seed": 5,
        "generator": "numpy PCG64",
        "length": 60,
        "stop": ["::"],
    }
    assert isinstance(rnnbuild("generate", language_run, "--format", "json").json["seed"], int)


def test_every_option_reaches_the_text(language_run: Path) -> None:
    options = ("--temperature", 0.5, "--top-k", 9, "--top-p", 0.8, "--seed", 1, "--length", 90)
    written = rnnbuild("generate", language_run, *map(str, options), "--stop", "t", "--stop", ".\n")
    assert written.out == package.open_run(language_run).generate(
        temperature=0.5, top_k=9, top_p=0.8, seed=1, length=90, stop=["t", ".\n"]
    )


REFUSED: dict[str, tuple[tuple[str, ...], str]] = {
    "an unknown character": (
        ("--prompt", "The plöt"),
        "error: prompt:1:7: the prompt has `ö`, which is not among the 34 characters that the "
        "model knows\n"
        "  1 | The plöt\n"
        "    |       ^\n"
        "  hint: it knows: \\n .:ADEFMOPRSTVWacdefhilnoprstuvwy\n",
    ),
    "a format of tables": (
        ("--format", "csv"),
        "error: a text is not written as `--format csv`\n"
        "  hint: leave it out, or use --format json; with --surprise all formats are for tokens\n",
    ),
    "writing and reading": (
        ("--surprise", "x.txt", "--top-k", "3", "--stop", "a"),
        "error: --top-k, --stop and --surprise cannot be combined: --surprise writes nothing\n"
        "  hint: leave one of them out\n",
    ),
    "lines without a file": (
        ("--lines",),
        "error: --lines and --by are for --surprise FILE\n  hint: leave them out\n",
    ),
    "no file": (
        ("--surprise", "no such.txt"),
        "error: no such.txt cannot be read: No such file or directory\n",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_done_is_one_error_and_nothing_is_written(
    case: str, language_run: Path
) -> None:
    arguments, message = REFUSED[case]
    refused = rnnbuild("generate", language_run, *arguments)
    assert (refused.code, refused.out, refused.err) == (2, "", message)


def test_what_does_nothing_at_a_temperature_of_0_is_a_note(language_run: Path) -> None:
    plain = rnnbuild("generate", language_run, "--temperature", "0", "--length", "30")
    options = ("--seed", "1", "--top-k", "3")
    noted = rnnbuild("generate", language_run, "--temperature", "0", "--length", "30", *options)
    assert (noted.code, noted.out) == (0, plain.out)
    assert noted.err == (
        "note: top-k and the seed do nothing at a temperature of 0, which takes the likeliest "
        "token each time\n"
    )
    with pytest.warns(UserWarning, match="^the seed does nothing at a temperature of 0"):
        assert (
            package.open_run(language_run).generate(temperature=0, seed=1, length=30) == noted.out
        )


def test_a_line_end_is_typed_as_the_hint_has_it(language_run: Path) -> None:
    refused = rnnbuild("generate", language_run, "--prompt", r"ROMEO:\nThe")
    assert refused.code == 2
    hint = re.search(r"\n  hint: a line end is typed so in a shell: (.*)\n$", refused.err)
    assert hint, refused.err
    typed = subprocess.run(["bash", "-c", f"printf %s {hint[1]}"], capture_output=True, text=True)
    assert typed.stdout == "ROMEO:\nThe"
    # The model knows no tab, and no backslash before another letter is one.
    for prompt in (r"ROMEO:\tThe", r"ROMEO:\The"):
        refused = rnnbuild("generate", language_run, "--prompt", prompt)
        assert "\n  hint: it knows: " in refused.err


def test_a_word_that_training_had_too_rarely_is_refused_as_such(word_run: Path) -> None:
    refused = rnnbuild("generate", word_run, "--prompt", "ROMEO: the")
    assert refused.code == 2
    assert re.match(
        r"error: prompt:1:1: the prompt has `ROMEO` and 1 other, which are not among the \d+ "
        r"tokens that the model knows",
        refused.err,
    )
    hint = "they are listed in the run's codec.json; others were rare in training, or not in it"
    assert refused.err.endswith(f"\n  hint: {hint}\n")


def test_tokens_that_are_not_all_words_are_called_tokens(word_run: Path) -> None:
    shown = rnnbuild(
        "generate", word_run, "--surprise", "-", given="The plot.\nromeo\n", columns=200
    )
    first, second = shown.lines[:2]
    assert re.match(r"standard input: 6 tokens, [\d.]+ nats per token, ", first)
    assert second == (
        "1 of 6 tokens is unknown to the model: it is read, and scored, as the one unknown token"
    )


@pytest.mark.parametrize("options", [(), ("--surprise", "-")])
def test_a_run_of_another_task_is_one_error(options: tuple[str, ...], classify_run: Path) -> None:
    refused = rnnbuild("generate", classify_run, *options, given="text")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == (
        f"error: {classify_run} writes no text: its model classifies\n"
        "  hint: `rnnbuild predict` answers with it; a model that writes is trained by "
        "`task: language-model`\n"
    )


def test_an_unfinished_run_writes_by_its_weights_so_far(language_run: Path, tmp_path: Path) -> None:
    run = shutil.copytree(language_run, tmp_path / "run")
    (run / "metrics.json").unlink()
    (run / "model.keras").unlink()
    written = rnnbuild("generate", run, *OPTIONS)
    assert (written.code, len(written.out)) == (0, 64)
    assert re.match(rf"note: {re.escape(str(run))} .*epoch 1", written.err), written.err
    read = rnnbuild("generate", run, "--surprise", "-", given="The plot")
    assert read.err == written.err


def test_an_export_with_its_stream_writes_the_same_text(
    language_run: Path, text: str, tmp_path: Path
) -> None:
    options = ("export", language_run, "--to", "onnx", "--output")
    assert rnnbuild(*options, tmp_path / "whole").code == 0
    refused = rnnbuild("generate", tmp_path / "whole", *OPTIONS)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == (
        f"error: {tmp_path / 'whole'} was exported without `--stream`: text is written a step at a "
        "time\n"
        "  hint: export the run again: rnnbuild export RUN --to onnx --stream\n"
    )
    assert rnnbuild(*options, tmp_path / "steps", "--stream").code == 0
    assert rnnbuild("generate", tmp_path / "steps", *OPTIONS).out == text
    assert package.open_run(tmp_path / "steps").generate("The ", seed=5, length=60) == text
    damaged = tmp_path / "steps" / "stream.onnx"
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"x")
    refused = rnnbuild("generate", tmp_path / "steps", *OPTIONS)
    assert (refused.code, refused.out) == (2, "")


@pytest.mark.parametrize("arguments", [("--seed", "1"), ("--surprise", "/dev/null")])
def test_no_framework_is_loaded(arguments: Sequence[str], language_run: Path) -> None:
    run = "from rnnbuild.cli.app import main; sys.argv = ['rnnbuild', *sys.argv[1:]]; main()"
    loaded = modules_after(run, "generate", str(language_run), *arguments)
    assert "onnxruntime" in loaded
    assert not loaded & {*HEAVY, "numba"}


def test_a_reader_that_has_gone_ends_it_quietly(language_run: Path) -> None:
    command = shlex.join([*COMMAND, str(language_run), "--seed", "1", "--length", "10000000"])
    ended = subprocess.run(
        ["bash", "-c", f"{command} | head -c 100; echo =${{PIPESTATUS[0]}}="],
        env=ENVIRONMENT,
        capture_output=True,
    )
    assert len(ended.stdout) == 104
    assert ended.stdout.endswith(b"=1=\n")
    assert ended.stderr == b""


def test_an_interrupt_ends_it_with_what_is_written_so_far(language_run: Path) -> None:
    command = [*COMMAND, language_run, "--seed", "1", "--length", "10000000"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, env=ENVIRONMENT) as process:
        assert process.stdout is not None
        first = process.stdout.read(100)
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (130, b"")
    whole = package.open_run(language_run).generate(seed=1, length=100)
    assert (first + rest).decode().startswith(whole)


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux, which gives a terminal, is missing")
def test_a_terminal_shows_the_text_as_it_comes_and_is_sound_after_an_interrupt(
    language_run: Path, tmp_path: Path
) -> None:
    generate = shlex.join([*COMMAND, str(language_run), "--seed", "1"])
    server = ["tmux", "-L", f"rnnbuild-generate-{os.getpid()}", "-f", "/dev/null"]
    shell = (
        f"cd {tmp_path}; {generate} --length 30 --prompt ROMEO; echo =$?=; read; clear; "
        f"{generate} --length 10000000; echo =$?=; stty -a | grep -o ' echo '; "
        "echo =exit-code-$?=; sleep 100"
    )
    new = [*server, "new-session", "-d", "-x", "60", "-y", "24", "bash", "-c", shell]
    subprocess.run(new, check=True, env={**ENVIRONMENT, "TERM": "screen"})
    try:
        first = until_shown(server, "=0=")
        subprocess.run([*server, "send-keys", "Enter"], check=True)
        until_shown(server, "\n.*" * 20 + "[a-z]")
        subprocess.run([*server, "send-keys", "C-c"], check=True)
        last = screens(server)[-1]
    finally:
        subprocess.run([*server, "kill-server"], check=False)
    text = package.open_run(language_run).generate("ROMEO", seed=1, length=30)
    shown = first.partition("=0=")[0].rstrip("\n")
    assert [line.rstrip() for line in shown.split("\n")] == [
        line.rstrip() for line in text.removesuffix("\n").split("\n")
    ]
    # The prompt of a shell would be on a line of its own.
    assert re.search(r"\n=130=\n echo\s*\n=exit-code-0=", last), last


def until_shown(server: list[str], pattern: str) -> str:
    """The screen once it has what is to be shown."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        shot = subprocess.run([*server, "capture-pane", "-p"], capture_output=True, text=True)
        if re.search(pattern, shot.stdout):
            return shot.stdout
        time.sleep(0.05)
    raise AssertionError(f"{pattern} was never shown: {shot.stdout}")


class Terminal(io.StringIO):
    """Remembers how often it is flushed."""

    flushes = 0

    def isatty(self) -> bool:
        return True

    def flush(self) -> None:
        self.flushes += 1


def test_control_characters_do_nothing_on_a_terminal_and_reach_a_program_as_they_are() -> None:
    pieces = ["a\x1b[2J", "\r", "\tb\n", "c"]
    with replaced("stdout", Terminal()) as _:
        write_pieces(iter(pieces))
        assert sys.stdout.getvalue() == "a\\x1b[2J\\r\tb\nc\n"  # type: ignore[attr-defined]
        assert sys.stdout.flushes == 4  # type: ignore[attr-defined]
    with replaced("stdout", io.StringIO()):
        write_pieces(iter(pieces))
        assert sys.stdout.getvalue() == "".join(pieces)  # type: ignore[attr-defined]


def test_an_error_in_the_middle_has_a_line_of_its_own_on_a_terminal() -> None:
    with replaced("stdout", Terminal()):
        with pytest.raises(ZeroDivisionError):
            write_pieces(str(1 // number) for number in (1, 1, 0))
        assert sys.stdout.getvalue() == "11\n"  # type: ignore[attr-defined]
