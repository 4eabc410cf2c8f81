"""Keys and values after `--set` and `--vary`, as real shells offer and insert them."""

import os
import pty
import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from rnnbuild.config.completion import keys_after, values_of
from rnnbuild.config.keys import with_settings
from rnnbuild.config.load import read_config
from rnnbuild.config.settings import setting_from_argument
from tests.test_imports import HEAVY, modules_after

PROGRAM = """\
#!{python}
import sys
sys.argv[0] = "rnnbuild"
from rnnbuild.cli.app import main
main()
"""
END = "at-the-end"
CONTROL = re.compile(r"\x1b(\[[0-9;?]*[a-zA-Z]|[=>]|\][^\x07]*\x07)")
"""What shells send a terminal besides text."""
ROOT = Path(__file__).parents[2]


STARTS = {
    "bash": ["bash", "--noprofile", "--rcfile", "rc", "-i"],
    "zsh": ["zsh", "-i"],
    "fish": ["fish", "-i"],
}
"""How a shell is started that reads the files of `Shell.install`."""


@pytest.fixture(scope="module")
def bash(tmp_path_factory: pytest.TempPathFactory) -> "Shell":
    return Shell("bash", tmp_path_factory.mktemp("bash"))


@pytest.fixture(scope="module", params=["zsh", "fish"])
def other_shell(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> "Shell":
    if shutil.which(request.param) is None:
        pytest.skip(f"{request.param} is missing")
    return Shell(request.param, tmp_path_factory.mktemp(request.param))


class Shell:
    """An interactive shell in which rnnbuild's completion is installed."""

    def __init__(self, name: str, folder: Path):
        self.name, self.folder = name, folder
        self.environment = os.environ | {
            "PATH": f"{folder}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "TERM": "dumb",
            **dict.fromkeys(("HOME", "ZDOTDIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), str(folder)),
        }
        program = folder / "rnnbuild"
        program.write_text(PROGRAM.format(python=sys.executable))
        program.chmod(0o755)
        self.install()

    def install(self) -> None:
        """Write what the shell reads when it starts, with the script that is printed in it."""
        asked = [self.name, "-c", "rnnbuild --show-completion; true"]
        printed = subprocess.run(
            asked, env=self.environment, cwd=self.folder, capture_output=True, text=True, check=True
        )
        script = printed.stdout
        match self.name:
            case "bash":
                rc = self.folder / "rc"
                rc.write_text(f"PS1='$ '\n{script}\nbind 'set bell-style none'\n")
            case "zsh":
                rc = self.folder / ".zshrc"
                rc.write_text(f"PS1='$ '\nautoload -Uz compinit\ncompinit -u\n{script}\n")
            case "fish":
                rc = self.folder / "fish" / "completions" / "rnnbuild.fish"
                rc.parent.mkdir(parents=True)
                rc.write_text(script)

    def after_tab(self, typed: str) -> str:
        """The line once Tab was pressed behind what was typed.

        Further text is typed after it, and `echo ` before it, so that the line is printed.
        """
        here, there = pty.openpty()
        process = subprocess.Popen(
            STARTS[self.name],
            preexec_fn=partial(os.login_tty, there),
            env=self.environment,
            cwd=self.folder,
        )
        os.close(there)
        os.write(here, f"{typed}\t{END}\x01echo \x05\rexit\r".encode())
        printed = b""
        try:
            while part := os.read(here, 65536):
                printed += part
        except OSError:  # Linux says so that the shell has closed its end
            pass
        os.close(here)
        process.wait(timeout=60)
        text = CONTROL.sub("", printed.decode(errors="replace")).replace("\r", "\n")
        lines = re.findall(rf"^(rnnbuild .*){END}\s*$", text, re.MULTILINE)
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
def test_bash_completes_the_word_at_the_cursor(typed: str, completed: str, bash: Shell) -> None:
    line = bash.after_tab(f"rnnbuild {typed}")
    assert line == f"rnnbuild {typed.rpartition(' ')[0]} {completed}"


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("summary classic --set units", "units="),
        ("summary classic --set model.emb", "model.embedding."),
        ("compare classic --vary cell=gru,l", "cell=gru,lstm "),
        ("summary --cell ls", "lstm "),
    ],
)
def test_zsh_and_fish_do_so_too(typed: str, completed: str, other_shell: Shell) -> None:
    line = other_shell.after_tab(f"rnnbuild {typed}")
    assert line == f"rnnbuild {typed.rpartition(' ')[0]} {completed}"


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is missing")
def test_zsh_completes_what_follows_an_option_and_an_equals_sign(tmp_path: Path) -> None:
    """fish takes such a word for an option, and asks nobody."""
    line = Shell("zsh", tmp_path).after_tab("rnnbuild summary classic --set=cell=ls")
    assert line == "rnnbuild summary classic --set=cell=lstm "


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
