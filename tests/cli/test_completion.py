"""Keys and values after `--set` and `--vary`, as a real Bash offers and inserts them."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from rnnbuild.config.completion import keys_after, values_of
from rnnbuild.config.keys import with_settings
from rnnbuild.config.load import read_config
from rnnbuild.config.settings import setting_from_argument
from tests.cli.command import rnnbuild
from tests.test_imports import HEAVY, modules_after

PROGRAM = """\
#!{python}
import sys
sys.argv[0] = "rnnbuild"
from rnnbuild.cli.app import main
main()
"""
END = "at-the-end"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def bash(tmp_path_factory: pytest.TempPathFactory) -> "Bash":
    return Bash(tmp_path_factory.mktemp("bash"))


class Bash:
    """An interactive Bash in which rnnbuild's completion is installed."""

    def __init__(self, folder: Path):
        self.folder = folder
        program = folder / "rnnbuild"
        program.write_text(PROGRAM.format(python=sys.executable))
        program.chmod(0o755)
        script = rnnbuild("--show-completion", "bash").out
        (folder / "rc").write_text(f"PS1='$ '\n{script}\nbind 'set bell-style none'\n")

    def after_tab(self, typed: str) -> str:
        """The line once Tab was pressed behind what was typed.

        Further text is typed after it, and `echo ` before it, so that the line is printed.
        """
        here, there = pty.openpty()
        path = f"{self.folder}:{os.environ['PATH']}"
        variables = {"PATH": path, "PYTHONPATH": str(ROOT), "TERM": "dumb"}
        process = subprocess.Popen(
            ["bash", "--noprofile", "--rcfile", str(self.folder / "rc"), "-i"],
            stdin=there,
            stdout=there,
            stderr=there,
            env=os.environ | variables,
            cwd=self.folder,
        )
        os.close(there)
        os.write(here, f"{typed}\t{END}\x01echo \x05\nexit\n".encode())
        printed = b""
        try:
            while part := os.read(here, 65536):
                printed += part
        except OSError:  # Linux says so that Bash has closed its end
            pass
        os.close(here)
        process.wait(timeout=60)
        lines = re.findall(rf"^(rnnbuild .*){END}\r?$", printed.decode(), re.MULTILINE)
        assert lines, printed
        return str(lines[-1])


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("summary classic --set units", "units="),
        ("summary classic --set mod", "model."),
        ("summary classic --set model.emb", "model.embedding."),
        ("summary classic --set model.embedding.out", "model.embedding.output_dim="),
        ("summary classic --set cell=ls", "cell=lstm "),
        ("summary classic --set=cell=ls", "--set=cell=lstm "),
        ("summary classic --format=js", "--format=json "),
        ("summary classic --set cell=gru --set bidirectional=t", "bidirectional=true "),
        ("compare classic --vary cell=gru,l", "cell=gru,lstm "),
        ("train classic --set data.dataset=shake", "data.dataset=shakespeare "),
        ("predict runs/latest --set data.delim", "data.delimiter="),
        ("summary --cell ls", "lstm "),
    ],
)
def test_bash_completes_the_word_at_the_cursor(typed: str, completed: str, bash: Bash) -> None:
    line = bash.after_tab(f"rnnbuild {typed}")
    assert line == f"rnnbuild {typed.rpartition(' ')[0]} {completed}"


def offered(typed: str) -> list[str]:
    """What is offered for the value of `--set`, where a shell divides no words at `=`."""
    words = f"rnnbuild summary classic --set {typed}"
    run = "import sys; sys.argv = ['rnnbuild']; from rnnbuild.cli.app import main; main()"
    variables = {"_RNNBUILD_COMPLETE": "complete_fish", "_TYPER_COMPLETE_ARGS": words}
    done = subprocess.run(
        [sys.executable, "-c", run],
        capture_output=True,
        text=True,
        env=os.environ | variables | {"_TYPER_COMPLETE_FISH_ACTION": "get-args"},
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.split()


def test_shells_that_keep_words_whole_get_whole_words() -> None:
    assert offered("cell=") == ["cell=simple_rnn", "cell=gru", "cell=lstm"]
    assert offered("training.optimizer.learning_rate=") == []


def test_keys_are_offered_part_by_part() -> None:
    assert {"model.", "data.", "training.", "units=", "cell=", "depth="} <= set(keys_after(""))
    assert keys_after("model.embedding.o") == ["model.embedding.output_dim="]
    assert "model.layers.0.units=" in keys_after("model.layers.0.")
    assert keys_after("training.opt") == ["training.optimizer.", "training.optimizer="]
    assert keys_after("model.nothing.") == keys_after("variants") == []


def every_key(typed: str = "") -> list[str]:
    """All keys that are offered, followed to their ends."""
    keys = keys_after(typed)
    return [key for key in keys if key.endswith("=")] + [
        inner for key in keys if key.endswith(".") for inner in every_key(key)
    ]


def test_every_key_that_is_offered_can_be_set() -> None:
    written = read_config("quickstart")
    for key in every_key():
        values = values_of(key.removesuffix("=")) or ["1"]
        # Whether the value fits is another question: here the key is known.
        with_settings(written, [setting_from_argument(f"{key}{values[0]}")])


def test_completion_loads_no_framework_and_no_numbers() -> None:
    run = (
        "import os, sys\n"
        "os.environ |= {'_RNNBUILD_COMPLETE': 'complete_bash', 'COMP_CWORD': '6',\n"
        "    'COMP_WORDS': 'rnnbuild summary classic --set cell = l'}\n"
        "sys.argv = ['rnnbuild']\n"
        "from rnnbuild.cli.app import main\nmain()"
    )
    assert not modules_after(run) & {*HEAVY, "numpy"}
