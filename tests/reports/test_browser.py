"""A page in a browser: what it does, says and asks for."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rnnbuild.reports.study.page import page_of_study
from tests.browser import Tab, needs_chromium, tab
from tests.reports.pages import hostile_page, hostile_study, made_study, page_file

pytestmark = needs_chromium

READABLE = 1000
"""Milliseconds until there is something to read, of the best of three times."""
FIRST = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
TOOLTIP = "document.querySelector('#vg-tooltip-element.visible') !== null"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Tab]:
    with tab() as opened:
        yield opened


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a run whose labels and texts are hostile: it must do all that others do."""
    folder = tmp_path_factory.mktemp("page")
    return page_file(hostile_page(folder), folder / "report.html")


@pytest.fixture
def opened(chromium: Tab, page: Path) -> Tab:
    chromium.resize(1280)
    chromium.prefer("light")
    chromium.open(page)
    return chromium


def colour_of(tab: Tab, selector: str, property: str) -> Any:
    return tab.run(f"getComputedStyle(document.querySelector('{selector}')).{property}")


def middle_of(tab: Tab, script: str) -> tuple[float, float]:
    """The middle of an element, which is scrolled into view."""
    tab.run(f"({script}).scrollIntoView({{block: 'center', behavior: 'instant'}})")
    box = tab.run(f"(({script}).getBoundingClientRect()).toJSON()")
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_page_draws_every_plot_without_an_error_or_a_request(opened: Tab, page: Path) -> None:
    assert opened.run("document.title") == "run – rnnbuild report"
    plots = opened.run("document.querySelectorAll('.plot').length")
    assert plots >= 6
    assert opened.run("document.querySelectorAll('.plot svg').length") == plots
    assert opened.console == []
    assert opened.requests == [page.resolve().as_uri()]


def test_a_request_from_within_a_page_is_refused(opened: Tab) -> None:
    """That none was made proves something only if one would have been seen."""
    refused = "fetch('https://example.org/').then(() => 'made', () => 'refused')"
    assert opened.run(refused) == "refused"
    assert any("Content Security Policy" in text for text in opened.console)


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_is_wider_than_its_window(opened: Tab, page: Path, width: int) -> None:
    opened.resize(width)
    opened.open(page)
    assert opened.run("document.documentElement.scrollWidth") <= width
    assert opened.run("document.body.scrollWidth") <= width


def test_a_button_in_a_header_sorts_the_rows_up_and_down(opened: Tab) -> None:
    table = "document.querySelector('#scores .table table')"
    cells = f"[...{table}.tBodies[0].rows].map(row => row.cells[1].textContent)"
    header = f"{table}.tHead.rows[0].cells[1]"
    opened.run(f"{header}.querySelector('button').focus()")
    opened.key("Enter")
    assert opened.run(f"{header}.getAttribute('aria-sort')") == "ascending"
    up = [float(text.replace(",", "")) for text in opened.run(cells)]
    assert up == sorted(up)
    assert len(set(up)) > 1
    opened.click(*middle_of(opened, f"{header}.querySelector('button')"))
    assert opened.run(f"{header}.getAttribute('aria-sort')") == "descending"
    assert [float(text.replace(",", "")) for text in opened.run(cells)] == up[::-1]


def test_numbers_with_separators_are_sorted_by_their_values(opened: Tab) -> None:
    table = "document.querySelector('#labels table')"
    opened.run(f"{table}.tHead.rows[0].cells[1].querySelector('button').click()")
    cells = f"[...{table}.tBodies[0].rows].map(row => row.cells[1].textContent)"
    values = [int(text.replace(",", "")) for text in opened.run(cells)]
    assert values == sorted(values)
    assert max(values) > 1000


def test_the_theme_is_the_systems_until_it_is_switched(opened: Tab, page: Path) -> None:
    light = colour_of(opened, "body", "backgroundColor")
    drawn = colour_of(opened, "#score svg .mark-symbol path", "fill")
    opened.prefer("dark")
    opened.open(page)
    dark = colour_of(opened, "body", "backgroundColor")
    assert dark != light
    assert opened.run("document.getElementById('theme').textContent") == "Light"
    assert colour_of(opened, "#score svg .mark-symbol path", "fill") != drawn
    opened.click(*middle_of(opened, "document.getElementById('theme')"))
    assert colour_of(opened, "body", "backgroundColor") == light
    assert colour_of(opened, "#score svg .mark-symbol path", "fill") == drawn
    assert opened.run("document.getElementById('theme').textContent") == "Dark"


def test_what_is_under_the_pointer_is_said(opened: Tab) -> None:
    opened.hover(*middle_of(opened, "document.querySelector('#score .mark-symbol path')"))
    opened.wait_for(TOOLTIP)
    said = opened.run("document.querySelector('#vg-tooltip-element').textContent")
    assert "token accuracy" in said
    assert opened.console == []


def test_hostile_labels_are_said_as_they_are_under_the_pointer(opened: Tab) -> None:
    opened.hover(*middle_of(opened, "document.querySelector('#labels .mark-symbol path')"))
    opened.wait_for(TOOLTIP)
    said = opened.run("document.querySelector('#vg-tooltip-element').textContent")
    assert "owned" in said or "7 * 7" in said
    assert opened.run("document.querySelector('#vg-tooltip-element img')") is None
    assert "owned" not in opened.run("document.title")


def test_a_page_of_a_run_has_no_fault_that_axe_finds(opened: Tab, page: Path) -> None:
    hold_what_axe_holds(opened, page)


def hold_what_axe_holds(opened: Tab, page: Path) -> None:
    """In both themes, with all that is folded open."""
    for scheme in ("light", "dark"):
        opened.prefer(scheme)
        opened.open(page)
        opened.run("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert opened.faults() == [], scheme


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    return page_file(page_of_study(hostile_study(folder / "study")), folder / "report.html")


def test_a_page_of_a_study_draws_everything_and_is_no_wider_than_a_telephone(
    chromium: Tab, study: Path
) -> None:
    chromium.resize(390)
    chromium.open(study)
    plots = chromium.run("document.querySelectorAll('.plot').length")
    assert plots >= 6
    assert chromium.run("document.querySelectorAll('.plot svg').length") == plots
    assert chromium.console == []
    assert chromium.requests == [study.resolve().as_uri()]
    assert chromium.run("document.documentElement.scrollWidth") <= 390
    assert "owned" not in chromium.run("document.title")
    hold_what_axe_holds(chromium, study)


def test_a_name_in_a_legend_brings_out_its_variant(chromium: Tab, tmp_path: Path) -> None:
    chromium.resize(1280)
    chromium.open(page_file(page_of_study(made_study(tmp_path / "study")), tmp_path / "page.html"))
    figure = "document.querySelector('#curves-validation-accuracy')"
    bold = (
        f"[...{figure}.querySelectorAll('path')]"
        ".filter(path => path.getAttribute('stroke-width') === '2.5')"
        ".map(path => path.getAttribute('opacity'))"
    )
    assert chromium.run(bold) == ["1", "1", "1"]
    button = f"{figure}.querySelectorAll('.legend button')[1]"
    chromium.run(f"{button}.focus()")
    chromium.key("Enter")
    chromium.wait_for(f"({bold}).join() === '0.15,1,0.15'")
    assert chromium.run(f"{button}.getAttribute('aria-pressed')") == "true"
    chromium.key("Enter")
    chromium.wait_for(f"({bold}).join() === '1,1,1'")


@pytest.mark.torture
def test_a_study_of_sixty_runs_is_readable_within_a_second(chromium: Tab, tmp_path: Path) -> None:
    made = made_study(tmp_path / "study", variants=12, seeds=5, epochs=60)
    page = page_file(page_of_study(made), tmp_path / "page.html")
    assert page.stat().st_size < 2_000_000
    times = []
    for _ in range(3):
        chromium.open(page)
        assert chromium.console == []
        times.append(chromium.run(FIRST))
    assert min(times) < READABLE


def test_without_javascript_a_page_reads_all_the_same(chromium: Tab, page: Path) -> None:
    chromium.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        chromium.call("Page.navigate", url=page.resolve().as_uri())
        text = chromium.text()
    finally:
        chromium.call("Emulation.setScriptExecutionDisabled", value=False)
    assert "The model does not beat" in text
    assert "most frequent tag" in text
