"""What all tests share: a cache of their own, no colours from the terminal, and patience."""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Set before anything is imported, so that subprocesses of tests see it too.
if "PYTEST_XDIST_WORKER" not in os.environ:  # workers take their parent's
    _cache = tempfile.TemporaryDirectory(prefix="rnnbuild-test-cache-")
    os.environ["RNNBUILD_CACHE"] = _cache.name
os.environ["NO_COLOR"] = "1"
os.environ.pop("TF_CPP_MIN_LOG_LEVEL", None)

# A busy machine is no reason to fail.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(scope="session")
def classify_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished run on texts of two labels."""
    from tests.small_runs import classify_config, trained_run

    return trained_run(tmp_path_factory.mktemp("classify"), classify_config)


@pytest.fixture(scope="session")
def tag_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished run on sentences with entities."""
    from tests.small_runs import tag_config, trained_run

    return trained_run(tmp_path_factory.mktemp("tag"), tag_config)


@pytest.fixture(scope="session")
def translate_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished run on pairs of texts; some test targets are longer than any."""
    from tests.small_runs import trained_run, translate_config

    return trained_run(tmp_path_factory.mktemp("translate"), translate_config)
