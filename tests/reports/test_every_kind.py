"""Pages of trained runs of every task and kind of data, in a browser."""

import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rnnbuild.reports.blocks import Code
from rnnbuild.reports.page import page_of
from tests.browser import Tab, needs_chromium, tab
from tests.cli.command import rnnbuild
from tests.reports.pages import page_file
from tests.small_runs import (
    classify_config,
    labels_config,
    language_config,
    numbers_config,
    series_config,
    tag_config,
    trained_run,
    translate_config,
)

pytestmark = [pytest.mark.torture, needs_chromium]

CONFIGS = {
    "label": (classify_config, {"labels", "confusion", "lengths"}),
    "labels": (labels_config, {"labels", "lengths"}),
    "tags": (tag_config, {"labels", "confusion"}),
    "text": (translate_config, {"lengths"}),
    "series": (series_config, {"forecasts-1"}),
    "sequences": (numbers_config, {"targets"}),
    "next token": (language_config, {"positions"}),
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


@pytest.mark.parametrize("make", [classify_config, numbers_config])
def test_the_commands_of_a_page_train_the_same_run_again(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    run = train(tmp_path / "a", make)
    (section,) = (each for each in page_of([run]).sections if each.name == "reproduction")
    (code,) = (block for block in section.blocks if isinstance(block, Code))
    again, *others = [shlex.split(text) for text, _ in code.lines]
    result = rnnbuild(*again[1:], "--run-dir", tmp_path / "again")
    assert result.code == 0, result.err
    assert (tmp_path / "again/history.jsonl").read_bytes() == (run / "history.jsonl").read_bytes()
    assert (tmp_path / "again/metrics.json").read_bytes() == (run / "metrics.json").read_bytes()
    for command in others:
        assert rnnbuild(*command[1:]).code == 0


def train(folder: Path, make: Callable[[Path], Path]) -> Path:
    folder.mkdir()
    return trained_run(folder, make)
