"""Every command that a message names exists, with these options; those that errors name, work.

The first half walks the source; the second provokes errors in real folders and runs what they say.
"""

import ast
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import typer

from rnnbuild.cli.app import COMMANDS, app
from rnnbuild.runs.directory import RunDirectory, locked
from rnnbuild.tasks.facts import DataFacts
from rnnbuild.training.progress.interruption import StopRequest, interruption_of
from tests.cli.command import Result, rnnbuild
from tests.small_runs import classify_config

PACKAGE = Path(__file__).parents[2] / "rnnbuild"
QUOTED = re.compile(r"`(rnnbuild [^`]+)`")
"""A command within a sentence."""
AFTER_COLON = re.compile(r"(?:: |  )(rnnbuild [a-z]+[^;`\n]*)")
"""A command at a sentence's end, or behind its purpose."""
BEGINS = re.compile(r"^rnnbuild [a-z]+[^;`\n]*", re.MULTILINE)
"""A command in a line of its own."""
VALUE = "1"
"""What stands for a value that is only known when the message is made: a number is a name too."""


def commands_in(text: str) -> list[str]:
    """Each command that a text names, without the full stop or the remark behind it."""
    rest = QUOTED.sub("", text)
    found = [*QUOTED.findall(text), *AFTER_COLON.findall(rest)]
    # A sentence may begin with the program's name: `rnnbuild can train here`.
    found += [line for line in BEGINS.findall(rest) if line.split()[1] in COMMANDS]
    return [command.strip().rstrip(".") for command in found]


def texts_in(source: ast.AST) -> Iterator[tuple[int, str]]:
    """The line and the text of every string that is no docstring, VALUE in place of expressions."""
    skipped = set[int]()
    for node in ast.walk(source):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(id(node.value))
        elif isinstance(node, ast.JoinedStr):
            skipped |= set(map(id, node.values))
    for node in ast.walk(source):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "command_text":
            words = [text_of(word) for word in node.args if not isinstance(word, ast.Starred)]
            yield node.lineno, f"`{' '.join(['rnnbuild', *words])}`"
        elif isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in skipped:
            yield node.lineno, text_of(node)


def text_of(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(map(text_of, node.values))
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else VALUE


def commands_in_source() -> list[tuple[str, str]]:
    """Every command in the package's messages, with its place."""
    return [
        (f"{path.relative_to(PACKAGE)}:{line}", command)
        for path in sorted(PACKAGE.rglob("*.py"))
        for line, text in texts_in(ast.parse(path.read_text(encoding="utf-8")))
        for command in commands_in(text)
    ]


def problem_with(command: str) -> str:
    """Why a command is a usage error by its name and options; empty where it is none."""
    name, *words = shlex.split(command)[1:] or [VALUE]
    if name == VALUE or name.startswith("-"):
        return ""  # it is only known when the message is made, or an option of the program
    if name not in COMMANDS:
        return f"there is no command {name}"
    program: Any = typer.main.get_command(app)
    context = click.Context(program, info_name="rnnbuild")
    context.meta["rnnbuild.resolving"] = True  # else it has no options, as in the list of commands
    parameters = program.get_command(context, name).params
    known = {option for each in parameters for option in (*each.opts, *each.secondary_opts)}
    unknown = {word.partition("=")[0] for word in words if word.startswith("--")} - known
    return f"`{name}` has no option {', '.join(unknown)}" if unknown else ""


def test_every_command_that_a_message_names_exists_with_its_options() -> None:
    named = commands_in_source()
    assert len(named) > 100  # the walk finds them at all
    wrong = [(place, command, problem_with(command)) for place, command in named]
    assert [each for each in wrong if each[2]] == []


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("rnnbuild resume RUN --epochs N", ""),
        ("rnnbuild resume RUN --epoch N", "`resume` has no option --epoch"),
        ("rnnbuild continue RUN", "there is no command continue"),
    ],
)
def test_a_wrong_command_would_be_noticed(command: str, why: str) -> None:
    assert problem_with(command) == why


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A config and its data, a finished run, and what is left of it at other times."""
    folder = tmp_path_factory.mktemp("hints")
    classify_config(folder)
    trained = rnnbuild("train", "reviews.yaml", "--epochs", "2", folder=folder)
    assert trained.code == 0, trained.err
    whole, stopped, begun = (folder / "runs" / name for name in ("reviews-1", "stopped", "begun"))
    for copy in (stopped, begun):
        shutil.copytree(whole, copy)
        RunDirectory(copy).metrics.unlink()
        RunDirectory(copy).model.unlink()
    shutil.rmtree(RunDirectory(begun).checkpoints)
    never = RunDirectory(folder / "runs" / "never")
    never.path.mkdir()
    for name in ("lock", "data.json", "config.yaml"):
        shutil.copy(whole / name, never.path / name)
    exported = rnnbuild(
        "export", "runs/reviews-1", "--to", "onnx", "--output", "phone", folder=folder
    )
    assert exported.code == 0, exported.err
    return folder


FILLED = {
    "RUN": "runs/reviews-1",
    "FILE": "reviews.csv",
    "CONFIG": "reviews.yaml",
    "KEY=A,B,C": "units=2,3",
    "...": "a fine plot",
}
"""What a person writes where a message leaves it to them."""


def followed(command: str, folder: Path) -> Result:
    words = [FILLED.get(word, word) for word in shlex.split(command)[1:]]
    return rnnbuild(*words, given="a fine plot\n", folder=folder, columns=1000)


@pytest.mark.parametrize(
    ("arguments", "hints"),
    [
        ("predict runs/nowhere a", ["rnnbuild runs"]),
        ("predict runs/never a", ["rnnbuild resume runs/never"]),
        ("predict runs/begun a", ["rnnbuild resume runs/begun"]),
        ("predict runs/reviews-1", ['rnnbuild predict runs/reviews-1 "a text"']),
        ("export runs/stopped --to onnx", ["rnnbuild resume runs/stopped --for 1s"]),
        ("runs runs/stopped", ["rnnbuild resume runs/stopped"]),
        ("runs runs/none", ["rnnbuild runs"]),
        ("evaluate phone", ["rnnbuild predict phone"]),
        ("evaluate runs/reviews-1", ["rnnbuild report runs/reviews-1"]),
        ("resume runs/reviews-1", ["rnnbuild resume runs/reviews-1 --epochs 4"]),
        (
            "resume runs/reviews-1 --set data.split.seed=3 --accept-changes",
            ["rnnbuild train CONFIG --from runs/reviews-1"],
        ),
        ("train reviews.yaml --run-dir runs/reviews-1", ["rnnbuild resume runs/reviews-1"]),
        ("train nowhere.yaml", ["rnnbuild init"]),
        ("train nowhere", ["rnnbuild configs"]),
        ("train reviews.yaml --seeds 2", ["rnnbuild study CONFIG --seeds 5"]),
        ("data nowhere", ["rnnbuild data", "rnnbuild configs"]),
        ("configs nowhere", ["rnnbuild configs"]),
        ("compare runs/reviews-1 runs/stopped", ["rnnbuild resume runs/stopped"]),
        ("study runs/reviews-1", ["rnnbuild resume runs/reviews-1"]),
        ("generate runs/reviews-1", ["rnnbuild predict"]),
        ("nowhere", ["rnnbuild --help"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_message_advises_works(
    folder: Path, tmp_path: Path, arguments: str, hints: list[str]
) -> None:
    here = tmp_path / "here"
    shutil.copytree(folder, here, symlinks=True)
    said = rnnbuild(*arguments.split(), folder=here, columns=1000)
    advised = commands_in(said.out + said.err)
    assert set(hints) <= set(advised), said
    for command in advised:
        result = followed(command, here)
        assert "Traceback" not in result.err
        # A bare name is a command to be completed; all else works as it stands.
        whole = command != "rnnbuild predict"
        assert result.code == 0 or not whole, (command, result.err)


SIZES = "--units 3 --vocabulary 9 --embedding 2 --classes 3"


@pytest.mark.parametrize(
    ("sized", "wrong"),
    [
        ("classic", "--set units=3,4"),
        ("classic", "--set cell=gru,lstm"),
        ("classic", "--set training.optimizer=adam,sgd"),
        ("classic", "--set training.optimizer.learning_rate=0.1,1e-3"),
        (SIZES, "--cell lstm,gru"),
    ],
)
def test_several_values_for_one_key_are_pointed_to_the_option_that_compares_them(
    sized: str, wrong: str
) -> None:
    refused = rnnbuild("summary", *sized.split(), *wrong.split(), columns=1000)
    assert refused.code == 2
    (hint,) = re.findall("give `compare` or `study` the option `([^`]+)`", refused.err)
    compared = rnnbuild(
        *("compare", *sized.split(), *(["--cell", "gru"] if sized == SIZES else [])),
        *(*shlex.split(hint), "--format", "json"),
    )
    assert len(compared.json) == 2, compared.err


def test_a_run_that_is_still_trained_is_waited_for_and_its_progress_is_shown(folder: Path) -> None:
    with locked(RunDirectory(folder / "runs" / "begun")):
        said = rnnbuild("predict", "runs/begun", "a", folder=folder, columns=1000)
        assert said.code == 2
        assert "resume" not in said.err
        assert "is still being trained, and has no checkpoint yet" in said.err
        (shown,) = commands_in(said.err)
        progress = followed(shown, folder)
        assert progress.code == 0
        assert "runs/begun: running" in progress.out
        assert "2 of 2 epochs, 12 steps" in progress.out


def test_a_run_that_was_stopped_says_how_it_is_used_as_it_is(folder: Path) -> None:
    stopped = RunDirectory(Path("runs/stopped"))
    error = interruption_of(stopped, DataFacts("classify"), StopRequest(2), float("inf"))
    _, use = str(error.problems[0].hint).split("; ")
    answered = followed(use.partition(": ")[2], folder)
    assert answered.code == 0
    assert "answers with its best weights so far, of epoch" in answered.err


def test_a_file_with_other_columns_is_scored_by_the_settings_that_the_error_names(
    folder: Path,
) -> None:
    (folder / "odd.csv").write_text("words,mood\na fine plot,good\na dull plot,bad\n")
    arguments = ["evaluate", "runs/reviews-1", "--data", "odd.csv"]
    for key, column in (("text", "words"), ("label", "mood")):
        refused = rnnbuild(*arguments, folder=folder, columns=1000)
        assert refused.code == 2
        assert f"--set data.{key}=" in refused.err
        arguments += ["--set", f"data.{key}={column}"]
    assert rnnbuild(*arguments, folder=folder).code == 0
