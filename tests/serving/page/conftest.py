"""A browser, and a server for each model: started once, since that takes longer than a test."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.browser import Tab, tab
from tests.serving.page.opened import UrlOf
from tests.serving.server import serving
from tests.small_runs import labels_config, numbers_config, series_config, trained_run


@pytest.fixture(scope="package")
def chromium() -> Iterator[Tab]:
    with tab() as opened:
        yield opened


@pytest.fixture(scope="package")
def url_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[UrlOf]:
    """The address of a server for a run's model."""
    urls: dict[Path, str] = {}
    with ExitStack() as servers:

        def url(run: Path) -> str:
            if run not in urls:
                folder = tmp_path_factory.mktemp("server")
                urls[run] = servers.enter_context(serving(run, folder=folder)).url
            return urls[run]

        yield url


@pytest.fixture(scope="package")
def series_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained_run(tmp_path_factory.mktemp("series"), series_config)


@pytest.fixture(scope="package")
def numbers_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained_run(tmp_path_factory.mktemp("numbers"), numbers_config)


@pytest.fixture(scope="package")
def labels_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained_run(tmp_path_factory.mktemp("labels"), labels_config)
