"""Bad input: each kind ends with a clear message and exit code 2, and nothing is written."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import rnnbuild

GOOD = "model:\n  embedding: {output_dim: 3}\n  layers: [{cell: gru, units: 2}]\n"
ROWS = "".join(f"good {number},yes\nbad {number},no\n" for number in range(20))


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("empty.yaml").touch()
    Path("binary.yaml").write_bytes(bytes(range(256)) * 4)
    Path("prose.yaml").write_text("Dear all: this: is not YAML\n")
    with Path("huge.yaml").open("wb") as stream:
        stream.write(b"# a comment\n" * 100_000)
        stream.truncate(50_000_000)
    Path("rows.csv").write_text("text,label\n" + ROWS)
    Path("one.csv").write_text("text,label\n" + ROWS.replace("no", "yes"))
    configs = {
        "dataset": "data: {dataset: langages}\n",
        "nofile": "data: {train: row.csv}\n",
        "column": "data: {train: rows.csv, label: lable}\n",
        "oneclass": "data: {train: one.csv}\n",
        "gpu": "data: {train: rows.csv}\ntraining: {device: gpu, epochs: 1}\n",
    }
    for name, data in configs.items():
        Path(f"{name}.yaml").write_text(data + GOOD)
    return tmp_path


# The config, a part of the message, and a part of its hint.
CASES = [
    ("absent.yaml", "there is no file absent.yaml", "`rnnbuild init` writes a config"),
    ("folder", "folder is a folder, not a config", "name a file in it"),
    ("empty.yaml", "empty.yaml is empty", "`rnnbuild init` writes a config to start from"),
    ("binary.yaml", "binary.yaml is not a text file", "a config is YAML, in UTF-8"),
    ("prose.yaml", "prose.yaml:1:15: not valid YAML: a second `: ` in one line", "needs quotes"),
    ("huge.yaml", "huge.yaml has 50.0 MB; a config has at most 1 MB", "is this the data?"),
    ("dataset.yaml", "dataset.yaml:1:17: there is no bundled dataset `langages`", "`languages`"),
    ("nofile.yaml", "nofile.yaml:1:15: `data.train`: there is no file", "did you mean rows.csv?"),
    (
        "column.yaml",
        "rows.csv has no column `lable`; it has `text`, `label`",
        "`data.label: label`",
    ),
    ("oneclass.yaml", "only one label, `yes`", "is `data.label` the right column"),
]


@pytest.mark.parametrize(("config", "message", "hint"), CASES)
@pytest.mark.parametrize("command", ["check", "train", "summary"])
def test_it_is_reported_with_its_place_and_a_hint(
    command: str, config: str, message: str, hint: str
) -> None:
    before = sorted(path.name for path in Path().iterdir())
    result = rnnbuild(command, config)
    assert (result.code, result.out) == (2, "")
    assert message in result.err
    assert hint in result.err
    assert "unexpected error in rnnbuild" not in result.err
    assert all(
        line.startswith(("error", "note", " ")) or line.endswith("problems")
        for line in result.err.splitlines()
    )
    assert sorted(path.name for path in Path().iterdir()) == before


def test_a_missing_gpu_is_an_error_before_anything_is_written() -> None:
    environment = os.environ | {"CUDA_VISIBLE_DEVICES": "-1"}
    ended = subprocess.run(
        [sys.executable, "-m", "rnnbuild", "train", "gpu.yaml"],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 2
    assert "GPU" in ended.stderr or "gpu" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not Path("runs").exists()


@pytest.mark.parametrize("config", ["absent.yaml", "binary.yaml", "huge.yaml"])
def test_a_process_of_its_own_ends_the_same(config: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "rnnbuild", "check", config], capture_output=True, text=True
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("error: ")
    assert "Traceback" not in ended.stderr
