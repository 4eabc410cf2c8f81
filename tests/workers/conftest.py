"""A small config, and the run that workers are to train to the bit."""

from pathlib import Path

import pytest

from tests.training.small_runs import rnnbuild, values_with, write_config
from tests.workers.asking import ROOT


@pytest.fixture(autouse=True)
def the_package_of_this_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    """For workers, which are processes of their own."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_config(tmp_path_factory.mktemp("config") / "small.yaml", values_with(epochs=3))


@pytest.fixture(scope="session")
def alone(config: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run of the config with seed 1, trained by the program in a process of its own."""
    run = tmp_path_factory.mktemp("alone") / "run"
    done = rnnbuild("train", config, "--seed", "1", "--run-dir", run, "--quiet")
    assert done.returncode == 0, done.stderr
    return run
