"""What is compiled ahead is all that a run and its answers need, found by running them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rnnbuild.config.bundled import bundled_config_names
from rnnbuild.data.bundled.registry import DATASETS
from rnnbuild.models.engines import SMALL_BATCH

ROOT = Path(__file__).parents[2]

# Compiles all, then runs commands in the same process. Prints what was compiled ahead, the kernels
# that still have no code, and what the commands compiled.
PROGRAM = """
import contextlib, io, json, sys
from rnnbuild.cache.misses import listening
from rnnbuild.cli.app import app
from rnnbuild.models.kernels.compiled import KERNELS
from rnnbuild.training.compilation import compile_kernels
ahead, later = [], []
with listening(lambda kind, name: ahead.append(name)):
    compile_kernels()
unused = [kernel.__name__ for kernel in KERNELS if not kernel.signatures]
with listening(lambda kind, name: later.append(name)):
    for command in json.loads(sys.argv[1]):
        with contextlib.redirect_stdout(io.StringIO()):
            assert not app(command, standalone_mode=False)
print(json.dumps([ahead, unused, later]))
"""


def compiled(cache: Path, commands: list[list[str]]) -> tuple[list[str], list[str], list[str]]:
    """The names that `PROGRAM` prints."""
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(commands)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "RNNBUILD_CACHE": str(cache)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    ahead, unused, later = json.loads(ended.stdout.splitlines()[-1])
    return ahead, unused, later


def commands_with(config: str, folder: Path, *options: str) -> list[list[str]]:
    """A step of training, with scores, and an answer to a text so long that kernels compute it."""
    run = str(folder / config)
    text = [] if DATASETS[config].card.level is None else ["one " * (SMALL_BATCH + 1)]
    return [
        ["train", config, "--steps", "1", "--run-dir", run, "--quiet", *options],
        ["predict", run, *text],
    ]


def test_nothing_is_left_to_compile_for_any_cell(tmp_path: Path) -> None:
    both = ["--set", "cell=simple_rnn", "--set", "depth=2", "--set", "model.layers.1.cell=gru"]
    commands = [
        *commands_with("intents", tmp_path, "--set", "cell=lstm", "--set", "data.size=200"),
        *commands_with("sunspots", tmp_path, *both),
    ]
    ahead, unused, later = compiled(tmp_path, commands)
    assert len(ahead) > 10
    assert (unused, later) == ([], [])


@pytest.mark.torture
@pytest.mark.parametrize("config", sorted({*bundled_config_names()} & {*DATASETS}))
def test_nothing_is_left_to_compile_for_a_bundled_config(config: str, tmp_path: Path) -> None:
    _, *rest = compiled(tmp_path, commands_with(config, tmp_path))
    assert rest == [[], []]
    assert compiled(tmp_path, [])[0] == []
