"""`rnnbuild generate`: text as it comes, and what a model did not expect of another text."""

import csv
import io
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from math import exp, log
from pathlib import Path

import numpy as np
import pytest

import rnnbuild as package
from rnnbuild.cli.generate import write_pieces
from rnnbuild.cli.options import Format
from rnnbuild.cli.output.scores import print_outcome
from rnnbuild.errors import ArgumentError, DataError, RunError
from rnnbuild.models.framework import keras
from rnnbuild.runs.directory import open_run as open_folder
from rnnbuild.runs.metrics_file import read_metrics
from tests.cli.command import replaced, rnnbuild
from tests.cli.output.test_display import PATIENCE_SECONDS, ROOT, screens
from tests.cli.test_hostile_text import CLEAR, COLOUR, REVERSED, hold_nothing_raw
from tests.small_runs import language_config, trained_run
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


@pytest.fixture(scope="module")
def word_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("words")
    vocabulary = {"min_count": 2}
    return trained_run(
        folder, lambda folder: language_config(folder, level="word", vocabulary=vocabulary)
    )


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


SCENE = "ROMEO:\nThe plot was dull.\nMy xylophone!\n"


def test_each_token_costs_what_keras_says(language_run: Path) -> None:
    document = rnnbuild(
        "generate", language_run, "--surprise", "-", "--format", "json", given=SCENE
    ).json
    codec = package.open_run(language_run).codec
    ids = codec.ids(SCENE)  # type: ignore[attr-defined]
    outputs = np.asarray(keras.saving.load_model(language_run / "model.keras")(ids[None]))[0]
    nats = -np.log(outputs[np.arange(len(ids) - 1), ids[1:] - 1].astype(float))
    tokens = document["tokens"]
    assert "".join(token["token"] for token in tokens) == SCENE
    # Six digits, of probabilities that two programs round to 2^-24 of about 10.
    assert [token["nats"] for token in tokens[1:]] == pytest.approx(nats.tolist(), abs=2e-5)
    likeliest = codec.names((outputs.argmax(axis=1)[:-1] + 1).tolist())  # type: ignore[attr-defined]
    assert [token["likeliest"] for token in tokens] == [None, *likeliest]
    assert document["nats"] == pytest.approx(nats.mean(), abs=1e-5)
    assert document["perplexity"] == pytest.approx(exp(nats.mean()), rel=1e-4)
    assert document["bits_per_token"] == pytest.approx(nats.mean() / log(2), abs=1e-5)
    known = set((language_run.parent / "reviews.txt").read_text())
    assert [token["known"] for token in tokens] == [character in known for character in SCENE]
    assert document["unknown"] == sum(character not in known for character in SCENE)
    places = [(token["line"], token["column"]) for token in tokens]
    lines = SCENE.splitlines(keepends=True)
    assert places == [
        (number, column)
        for number, line in enumerate(lines, 1)
        for column in range(1, len(line) + 1)
    ]


def test_a_long_text_costs_what_evaluate_says(language_run: Path, tmp_path: Path) -> None:
    file = tmp_path / "long.txt"
    file.write_text((language_run.parent / "reviews.txt").read_text()[:2500])
    document = rnnbuild("generate", language_run, "--surprise", file, "--format", "json").json
    scored = rnnbuild("evaluate", language_run, "--data", file, "--format", "json").json
    nats = scored["scores"]["test"]["nats"]["value"]
    # Float32's probabilities, of onnxruntime's operators and of Keras'.
    assert document["nats"] == pytest.approx(nats, abs=2e-6)


def test_words_are_listed_by_what_all_their_characters_cost(language_run: Path) -> None:
    options = ("generate", language_run, "--surprise", "-")
    tokens = rnnbuild(*options, "--format", "json", given=SCENE).json["tokens"]
    nats = [token["nats"] for token in tokens]
    # R is not scored, so ROMEO has no sum.
    sums = {
        (match[0], SCENE.count("\n", 0, match.start()) + 1): sum(nats[match.start() : match.end()])
        for match in re.finditer(r"\w+|[.!:]", SCENE)
        if match[0] != "ROMEO"
    }
    shown = rnnbuild(*options, given=SCENE, columns=120)
    summary, table, note = shown.out.split("\n\n")
    assert re.fullmatch(
        r"standard input: 40 characters, [\d.]+ nats per character, [\d.]+ bits, "
        r"perplexity [\d.]+\n"
        r"2 of 40 characters are unknown to the model: they are read, and scored, as the one "
        r"unknown token",
        summary,
    )
    title, _, *lines = table.splitlines()
    assert title == "words by what they cost"
    rows = [line.split() for line in lines]
    assert [(word, int(line)) for word, line, *_ in rows] == sorted(sums, key=lambda w: -sums[w])
    for word, line, cost, costliest, *likeliest in rows:
        assert float(cost) == pytest.approx(sums[word, int(line)], abs=6e-4)
        assert costliest.strip("`") in word
        assert costliest not in likeliest
    assert note == (
        "The first token has nothing before it and is not scored, nor is the word that it begins.\n"
    )
    assert "\x1b" not in shown.out


def test_a_table_without_all_words_says_so(language_run: Path) -> None:
    text = (language_run.parent / "reviews.txt").read_text()[:600]
    options = ("generate", language_run, "--surprise", "-")
    table = rnnbuild(*options, given=text, columns=120).out.split("\n\n")
    words = rnnbuild(*options, "--by", "word", "--format", "json", given=text).json["words"]
    assert len(table[1].splitlines()) == 22
    scored = sum(word["nats"] is not None for word in words)
    assert table[-1] == f"20 of {scored} words are shown: all of them with --by word.\n"


def test_each_word_costs_what_its_tokens_cost(language_run: Path, word_run: Path) -> None:
    given = "The plot was dull,\n  wasn't it?\nThe  end\n"
    for run in (language_run, word_run):
        options = ("generate", run, "--surprise", "-", "--format", "csv")
        tokens = list(csv.DictReader(io.StringIO(rnnbuild(*options, given=given).out)))
        written = rnnbuild(*options, "--by", "word", given=given).out
        words = list(csv.DictReader(io.StringIO(written)))
        assert list(words[0]) == ["number", "word", "line", "column", "nats", "tokens", "known"]
        assert [word["word"] for word in words] == re.findall(r"[\w']+|[,?]", given)
        assert [int(word["number"]) for word in words] == list(range(1, len(words) + 1))
        lines = given.split("\n")
        for word in words:
            line, column = int(word["line"]), int(word["column"])
            assert lines[line - 1][column - 1 :].startswith(word["word"])
            own = [
                token
                for token in tokens
                if int(token["line"]) == line
                and column <= int(token["column"]) < column + len(word["word"])
            ]
            assert int(word["tokens"]) == len(own)
            assert word["known"] == str(all(token["known"] == "True" for token in own))
            nats = [token["nats"] for token in own]
            if "" in nats:
                assert (word["number"], word["nats"]) == ("1", "")
            else:
                # Each of the numbers is rounded to six digits.
                rounding = 5e-7 * (len(nats) + 1.01)
                assert float(word["nats"]) == pytest.approx(sum(map(float, nats)), abs=rounding)


def test_each_line_is_a_text_of_its_own_as_to_predict(
    language_run: Path, word_run: Path, tmp_path: Path
) -> None:
    lines = ["The plot was dull.", "", "A", "The end was not so dull: it was good.", "The plot"]
    file = tmp_path / "items.txt"
    file.write_text("\n".join(lines) + "\n")
    for run in (language_run, word_run):
        options = ("generate", run, "--surprise", file, "--lines", "--format", "json")
        tokens = rnnbuild(*options).json["tokens"]
        assert "\n" not in [token["token"] for token in tokens]
        alone = rnnbuild("predict", run, "--input", file, "--format", "jsonl")
        expected = [json.loads(line)["nats"] for line in alone.out.splitlines()]
        for number, nats in enumerate(expected, 1):
            own = [token["nats"] for token in tokens if token["line"] == number]
            assert own[:1] in ([], [None])
            mean = sum(own[1:]) / len(own[1:]) if len(own) > 1 else None
            assert mean == (nats and pytest.approx(nats, abs=2e-6))
        words = rnnbuild(*options, "--by", "word").json["words"]
        assert [word["column"] == 1 for word in words] == [word["nats"] is None for word in words]
        shown = rnnbuild(*options[:-2], columns=200).out
        assert "The first token of each of 4 lines has nothing before it and is not scored" in shown
    refused = rnnbuild("generate", language_run, "--surprise", "-", "--lines", given="a\nb\n")
    assert (refused.code, refused.err) == (
        2,
        "error: standard input has no line with more than 1 character: the least is 2, one to read "
        "and one to predict\n",
    )


def test_python_gives_what_the_command_prints(language_run: Path) -> None:
    run = package.open_run(language_run)
    options = ("generate", language_run, "--surprise", "-", "--format", "json")
    for lines in (False, True):
        given = [*options, *(["--lines"] if lines else [])]
        surprise = run.surprise(SCENE, lines=lines)
        document = rnnbuild(*given, given=SCENE).json
        assert [asdict(token) for token in surprise.tokens] == document["tokens"]
        assert surprise.nats == document["nats"]
        words = rnnbuild(*given, "--by", "word", given=SCENE).json["words"]
        assert [asdict(word) for word in surprise.words] == words
    with pytest.raises(ArgumentError, match=r"^the text is \['a'\], not a text"):
        run.surprise(["a"])  # type: ignore[arg-type]
    with pytest.raises(DataError, match=r"^the text has 1 character: the least is 2"):
        run.surprise("a")


def test_python_refuses_a_model_of_another_task(classify_run: Path) -> None:
    with pytest.raises(RunError, match="this run writes no text: its model classifies"):
        package.open_run(classify_run).surprise("a text")


def test_words_and_bytes_are_placed_where_they_are(tmp_path: Path) -> None:
    for level in ("word", "byte"):
        folder = tmp_path / level
        folder.mkdir()
        run = trained_run(folder, lambda folder: language_config(folder, level=level))  # noqa: B023
        given = "The  plöt,\n\nso dull!\n"
        csv_text = rnnbuild("generate", run, "--surprise", "-", "--format", "csv", given=given).out
        header, *rows = csv.reader(io.StringIO(csv_text))
        assert header == ["token", "line", "column", "nats", "likeliest", "known"]
        places = [(row[0], int(row[1]), int(row[2])) for row in rows]
        if level == "word":
            assert places == [
                *(("The", 1, 1), ("plöt", 1, 6), (",", 1, 10), ("\n", 1, 11)),
                *(("\n", 2, 1), ("so", 3, 1), ("dull", 3, 4), ("!", 3, 8), ("\n", 3, 9)),
            ]
        else:
            assert places[6:10] == [("l", 1, 7), ("Ã", 1, 8), ("¶", 1, 8), ("t", 1, 9)]
            assert len(places) == len(given.encode())
        coloured = in_colours(run, given)
        assert given in re.sub("\x1b[^m]*m|↵", "", coloured)


def in_colours(run: Path, given: str) -> str:
    command = [*COMMAND, str(run), "--surprise", "-"]
    environment = {**ENVIRONMENT, "FORCE_COLOR": "1", "NO_COLOR": ""}
    ended = subprocess.run(
        command, input=given.encode(), env=environment, capture_output=True, check=True
    )
    return ended.stdout.decode()


def test_colours_say_how_probable_each_token_was(language_run: Path) -> None:
    options = ("generate", language_run, "--surprise", "-", "--format", "json")
    tokens = rnnbuild(*options, given=SCENE).json["tokens"]
    coloured, legend = in_colours(language_run, SCENE).split("\n\nprobability of each ")
    styles = []
    for style, part in re.findall(r"(?:\x1b\[([\d;]+)m)?([^\x1b]+)(?:\x1b\[0m)?", coloured):
        styles += [(character, style) for character in part]
    shown = [(character, style) for character, style in styles if character != "↵"]
    expected = []
    for token in tokens:
        probability = exp(-(token["nats"] or 0))
        limits = {0.5: "", 0.1: "36", 0.01: "33", 0: "1;31"}
        style = next(style for least, style in limits.items() if probability >= least)
        # The end of a line has its colour before it.
        expected.append((token["token"], "" if token["token"] == "\n" else style))
    assert shown == expected
    assert legend.startswith(
        "character: over 50 %, \x1b[36m10 to 50 %\x1b[0m, \x1b[33m1 to 10 %\x1b[0m, "
        "\x1b[1;31munder 1 %\x1b[0m\n\n"
    )
    table = re.sub("\x1b[^m]*m", "", legend).partition("\n\n")[2]
    assert table == rnnbuild(*options[:-2], given=SCENE).out


def test_a_text_in_which_nothing_can_be_predicted_is_one_error(language_run: Path) -> None:
    for given, count in (("", "0 characters"), ("T", "1 character")):
        refused = rnnbuild("generate", language_run, "--surprise", "-", given=given)
        assert (refused.code, refused.out) == (2, "")
        assert refused.err == (
            f"error: standard input has {count}: the least is 2, one to read and one to predict\n"
        )
    refused = rnnbuild("generate", language_run, "--surprise", "-", given=b"caf\xe9")
    assert refused.code == 2
    assert "the byte 0xe9 is not UTF-8" in refused.err


@pytest.mark.parametrize("form", ["table", "json", "markdown"])
def test_control_characters_of_a_text_are_shown_as_escapes(form: str, language_run: Path) -> None:
    options = ("generate", language_run, "--surprise", "-", "--format", form)
    hold_nothing_raw(rnnbuild(*options, given=f"The {CLEAR}{COLOUR}{REVERSED} plot\x07\n"))
    if form == "table":
        coloured = re.sub("\x1b\\[[\\d;]+m", "", in_colours(language_run, f"The {CLEAR}{COLOUR}\n"))
        assert "The \\x1b[2J\\x9b31m" in coloured
        assert "\x1b" not in coloured


def test_a_table_of_tokens_is_markdown(language_run: Path) -> None:
    options = ("generate", language_run, "--surprise", "-", "--format", "markdown")
    lines = rnnbuild(*options, given="T|\n").lines
    assert lines[0] == "| token | line | column | nats | likeliest | known |"
    assert lines[2].startswith("| `T` | 1 | 1 |  |  | yes |")
    assert lines[3].startswith("| `\\|` | 1 | 2 |")
    assert lines[4].startswith("| `\\n` | 1 | 3 |")
    json.loads(rnnbuild(*options[:-1], "json", given="T|\n").out)
