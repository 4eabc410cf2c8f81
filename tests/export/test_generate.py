"""The text that an export's own program writes is that of rnnbuild, character by character."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rnnbuild.inference.generation.opening import open_writer
from rnnbuild.inference.generation.settings import text_settings
from rnnbuild.runs.directory import RunDirectory
from tests.cli.command import rnnbuild
from tests.export.program import run_program
from tests.small_runs import language_config, trained_run

WAYS: list[dict[str, Any]] = [
    {"prompt": "The plot", "seed": 1, "length": 200},
    {"prompt": "The plot", "seed": 2**70, "length": 40, "temperature": 0.3, "top_k": 5},
    {"prompt": "", "seed": 3, "length": 300, "top_p": 0.8, "stop": ["e", ".\n"]},
    {"prompt": "The\nplot", "temperature": 0.0, "length": 30},
]


@pytest.fixture(scope="module", params=["character", "word", "byte"])
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A run, and its export, at each level."""
    folder = tmp_path_factory.mktemp(request.param)
    run = trained_run(folder, lambda folder: language_config(folder, level=request.param))
    bundle = folder / "bundle"
    done = rnnbuild("export", run, "--to", "onnx", "--stream", "--output", bundle)
    assert done.code == 0, done.err
    return run, bundle


def options_of(way: dict[str, Any]) -> list[str]:
    """The arguments of run.py that ask for a text."""
    given = {**way}
    options = ["--generate", given.pop("prompt")]
    for text in given.pop("stop", []):
        options += ["--stop", text]
    for name, value in given.items():
        options += [f"--{name.replace('_', '-')}", str(value)]
    return options


@pytest.mark.parametrize("way", WAYS)
def test_the_same_seed_writes_the_same_text(way: dict[str, Any], pair: tuple[Path, Path]) -> None:
    run, bundle = pair
    given = {**way}
    prompt = given.pop("prompt")
    writer, _ = open_writer(RunDirectory(run))
    expected = "".join(writer.pieces(prompt, text_settings(**given)))
    done = run_program(bundle, *options_of(way))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == expected
    assert done.stdout.startswith(prompt)


@pytest.fixture(scope="module")
def bundle(bundles: dict[str, Path]) -> Path:
    return bundles["language"]


def test_without_a_seed_it_says_which_one_writes_the_text_again(bundle: Path) -> None:
    first = run_program(bundle, "--generate", "--length", "50")
    assert first.returncode == 0
    assert first.stderr.startswith("note: `--seed ")
    seed = first.stderr.split("`")[1].split()
    again = run_program(bundle, "--generate", "--length", "50", *seed)
    assert (again.stdout, again.stderr) == (first.stdout, "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--generate", "Tü"], "error: prompt:1:2: the prompt has `ü`, which is not among the "),
        (["--generate", "T", "--stop", "ü"], "error: stop text:1:1: the stop text has `ü`, which"),
        (["--generate", "T", "--stop", ""], "error: a stop text is empty"),
        (
            ["--generate", "T", "--length", "0"],
            "error: the length is 0: the least is 1 token\n",
        ),
        (["--generate", "T", "--temperature", "nan"], "error: the temperature is nan, which is "),
        (["--generate", "T", "--top-p", "1.5"], "error: top-p is 1.5: it must be above 0 and "),
        (["--generate", "T", "--top-k", "999"], "error: a top-k of 999 does nothing: the model "),
        (["--generate", "T\udcff"], "error: not UTF-8\n"),
    ],
)
def test_what_cannot_be_written_is_one_error_on_one_line(
    arguments: list[str], message: str, bundle: Path
) -> None:
    done = run_program(bundle, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(message) and done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--seed", "1"], "error: how a text is written is stated without --generate\n"),
        (["--generate", "T", "input"], "error: --generate takes its PROMPT alone\n"),
        (["--generate", "T", "--check"], "error: --generate takes its PROMPT alone\n"),
        (["--generate", "T", "--length", "x"], "error: argument --length: invalid int value: 'x'"),
    ],
)
def test_options_that_contradict_are_refused(
    arguments: list[str], message: str, bundle: Path
) -> None:
    done = run_program(bundle, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr.splitlines(keepends=True)[-1]


def test_models_of_other_tasks_have_no_such_option(bundles: dict[str, Path]) -> None:
    for kind in ("classify", "series"):
        done = run_program(bundles[kind], "--generate", "T")
        assert done.returncode == 2 and "unrecognized arguments: --generate" in done.stderr
        assert not (bundles[kind] / "program" / "sampling.py").exists()


def test_an_export_without_the_model_of_steps_says_that_writing_needs_it(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    done = rnnbuild("export", pair[0], "--to", "onnx", "--output", tmp_path / "bundle")
    assert "\nwrite text           needs --to onnx --stream\n" in done.out
    for prompt in (["--generate"], ["--generate", "The"], ["--generate=The", "--seed", "1"]):
        refused = run_program(tmp_path / "bundle", *prompt)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert refused.stderr.splitlines()[-1] == (
            "run.py: error: this model was exported without --stream, which writing needs: "
            "rnnbuild export RUN --to onnx --stream"
        )


def test_a_program_notes_what_does_nothing_at_a_temperature_of_0(bundle: Path) -> None:
    options = ("--generate", "T", "--length", "20", "--temperature", "0")
    noted = run_program(bundle, *options, "--seed", "1")
    assert noted.stdout == run_program(bundle, *options).stdout
    assert noted.stderr == (
        "note: the seed does nothing at a temperature of 0, which takes the likeliest token each "
        "time\n"
    )


def test_who_stops_reading_a_text_gets_no_complaint(bundle: Path) -> None:
    program = [sys.executable, bundle / "run.py", "--generate", "T", "--seed", "1"]
    with subprocess.Popen(
        [*program, "--length", "1000000"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout and process.stderr
        assert process.stdout.read(1) == "T"
        process.stdout.close()
        assert (process.stderr.read(), process.wait(60)) == ("", 1)


def test_no_locale_changes_a_prompt(bundle: Path) -> None:
    command = [sys.executable, bundle / "run.py", "--generate", "ü".encode()]
    locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(command, env=os.environ | locale, capture_output=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith(b"error: prompt:1:1: the prompt has `")


def test_the_card_says_how_text_is_written(bundles: dict[str, Path]) -> None:
    for kind, writes in (("language", True), ("classify", False)):
        text = (bundles[kind] / "README.md").read_text(encoding="utf-8")
        assert ("python run.py --generate" in text) is writes


def test_the_card_asks_by_a_quoted_beginning_that_the_model_goes_on_with(
    pair: tuple[Path, Path],
) -> None:
    text = (pair[1] / "README.md").read_text(encoding="utf-8")
    asked, written = re.findall(r"^python run\.py ((?:--generate )?'.*)$", text, re.MULTILINE)
    (prompt,) = shlex.split(asked)
    assert 15 <= len(prompt) <= 30 and len(prompt.split()) >= 3
    assert written.startswith(f"--generate '{prompt}' --length 200 --seed 1")
    done = run_program(pair[1], *shlex.split(written, comments=True))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(prompt)
