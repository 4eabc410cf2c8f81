"""What all tests share: a cache of their own, no colours from the terminal, and patience."""

import os
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.corpora import UNSET

# Set before anything is imported, so that subprocesses of tests see it too.
if "PYTEST_XDIST_WORKER" not in os.environ:  # workers take their parent's
    _cache = tempfile.TemporaryDirectory(prefix="rnnbuild-test-cache-")
    os.environ["RNNBUILD_CACHE"] = _cache.name
os.environ["NO_COLOR"] = "1"
os.environ.pop("TF_CPP_MIN_LOG_LEVEL", None)

# A busy machine is no reason to fail.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

MAY_BE_SKIPPED = (
    UNSET,  # public corpora are not part of the project
    "root may read and write everything",  # a container's only user is root
    "Python 3.",  # a version that the package is installed on, where the machine has it
    "this machine has a GPU",  # the test is of a machine without one
)
"""Beginnings of the reasons that stand where RNNBUILD_NO_SKIPS=1 lets no other test be skipped."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    fail_where_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    fail_where_skipped(report)
    return report


def fail_where_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure, as CI asks for: what is skipped there is never run."""
    if os.environ.get("RNNBUILD_NO_SKIPS") != "1" or not report.skipped:
        return
    if hasattr(report, "wasxfail") or not isinstance(report.longrepr, tuple):
        return
    reason = report.longrepr[2].removeprefix("Skipped: ")
    if not reason.startswith(MAY_BE_SKIPPED):
        report.outcome = "failed"
        report.longrepr = f"skipped, and RNNBUILD_NO_SKIPS allows it for no such reason: {reason}"


@pytest.fixture(autouse=True)
def no_failures_of_the_cache_so_far() -> None:
    """A process remembers them, to print a note at its end; here it runs more than one test."""
    from rnnbuild.cache import place

    place._REASONS.clear()


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


@pytest.fixture(scope="session")
def language_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished run that writes reviews, character by character."""
    from tests.small_runs import language_config, trained_run

    return trained_run(tmp_path_factory.mktemp("language"), language_config)


@pytest.fixture(scope="session")
def word_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished run that writes reviews, word by word; rare words are unknown."""
    from tests.small_runs import language_config, trained_run

    vocabulary = {"min_count": 2}
    return trained_run(
        tmp_path_factory.mktemp("words"),
        lambda folder: language_config(folder, level="word", vocabulary=vocabulary),
    )
