"""One run, trained to its end in a process of its own, that others are compared with."""

from pathlib import Path

import pytest

from tests.training.small_runs import rnnbuild, write_config


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reference")
    config = write_config(folder / "small.yaml")
    done = rnnbuild("train", config, "--run-dir", folder / "run", "--quiet")
    assert done.returncode == 0, done.stderr
    return folder / "run"
