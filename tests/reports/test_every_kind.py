"""Pages of trained runs of every task and kind of data, in a browser."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rnnbuild.reports.page import page_of
from tests.reports.browser import Tab, tab
from tests.reports.pages import page_file
from tests.small_runs import (
    classify_config,
    labels_config,
    numbers_config,
    series_config,
    tag_config,
    trained_run,
    translate_config,
)

pytestmark = pytest.mark.torture

CONFIGS = {
    "label": (classify_config, {"labels", "confusion", "lengths"}),
    "labels": (labels_config, {"labels", "lengths"}),
    "tags": (tag_config, {"labels", "confusion"}),
    "text": (translate_config, {"lengths"}),
    "series": (series_config, {"forecasts-1"}),
    "sequences": (numbers_config, {"targets"}),
}
"""Configs, and some figures that their pages have."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Tab]:
    with tab() as opened:
        yield opened


@pytest.mark.parametrize("kind", CONFIGS)
def test_pages_of_a_run_and_of_two_are_drawn_whole(
    kind: str, chromium: Tab, tmp_path: Path
) -> None:
    make, figures = CONFIGS[kind]
    runs = [train(tmp_path / name, make) for name in ("a", "b")]
    assert figures <= {figure.name for figure in page_of(runs[:1]).figures}
    page = page_of(runs[:1])
    names = [*(each.name for each in page.sections), *(each.name for each in page.figures)]
    assert len(set(names)) == len(names)
    assert "differences-plot" in {figure.name for figure in page_of(runs).figures}
    for number, paths in enumerate((runs[:1], runs)):
        page = page_file(page_of(paths), tmp_path / f"{number}.html")
        assert page.stat().st_size < 1_200_000
        for width in (1280, 390):
            chromium.resize(width)
            chromium.open(page)
            assert chromium.console == []
            assert chromium.requests == [page.resolve().as_uri()]
            plots = chromium.run("document.querySelectorAll('.plot').length")
            assert chromium.run("document.querySelectorAll('.plot svg').length") == plots > 3
            assert chromium.run("document.documentElement.scrollWidth") <= width


def train(folder: Path, make: Callable[[Path], Path]) -> Path:
    folder.mkdir()
    return trained_run(folder, make)
