"""A page as a file: what is in it, and what cannot get out of its place."""

import base64
import hashlib
import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from rnnbuild.errors import ArgumentError
from rnnbuild.reports.blocks import Page
from rnnbuild.reports.file import write_page
from rnnbuild.reports.html import page_html
from rnnbuild.reports.run.page import page_of_run
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.history import HISTORY
from tests.reports.pages import HOSTILE, history_of, hostile_run
from tests.runs.fixture import WITHOUT_FORMATS, copy_of_the_run

PROJECT = Path(__file__).parents[2]
NETWORK = re.compile(r"\b(?:src|href|action|poster|data|srcset)\s*=\s*[\"']?(?:https?:)?//", re.I)


class Elements(HTMLParser):
    """Every element with its attributes, and every script's and style's text."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.elements:
            self.texts.append((self.elements[-1][0], data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def page() -> Page:
    return page_of_run(WITHOUT_FORMATS)


@pytest.fixture(scope="module")
def html(page: Page) -> str:
    return page_html(page)


@pytest.fixture(scope="module")
def parsed(html: str) -> Elements:
    parsed = Elements()
    parsed.feed(html)
    return parsed


def test_a_page_is_small_and_names_nothing_that_would_be_fetched(html: str) -> None:
    assert len(html.encode()) < 1_200_000
    without_scripts = re.sub(r"<script.*?</script>", "", html, flags=re.S)
    assert NETWORK.search(without_scripts) is None
    assert "@import" not in html.partition("</style>")[0]
    assert "sourceMappingURL=" not in re.sub(r'"[^"]*"', "", html)


def test_the_page_of_a_long_run_is_small_too(tmp_path: Path) -> None:
    run = copy_of_the_run(tmp_path / "run")
    lines = history_of(np.array([0.9]), epochs=5000)
    run.history.write_text("".join(map(HISTORY.line, lines)))
    html = page_html(page_of_run(run))
    assert len(html.encode()) < 1_200_000
    assert "300 of 5,000 evaluations are drawn" in html


def test_the_policy_allows_these_scripts_and_this_style_alone(parsed: Elements, html: str) -> None:
    (policy,) = (each["content"] for each in parsed.all("meta") if each.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    running = re.findall(r"<(script|style)>(.*?)</\1>", html, flags=re.S)
    assert [name for name, _ in running] == ["style", "script", "script"]
    for _, text in running:
        assert base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() in policy
    assert policy.count("sha256-") == len(running)


def test_every_plot_has_a_description_and_a_table_behind_it(page: Page, parsed: Elements) -> None:
    assert len(page.figures) >= 6
    assert len({figure.name for figure in page.figures}) == len(page.figures)
    for figure in page.figures:
        assert len(figure.spec["description"]) > 20
        assert figure.table.rows
    assert len(parsed.all("figure")) == len(page.figures)
    assert len(parsed.all("table")) == len(page.figures) + len(page.tables)


def test_every_header_says_what_it_is_the_header_of(parsed: Elements) -> None:
    headers = parsed.all("th")
    assert headers
    assert {each.get("scope") for each in headers} == {"col", "row"}


def test_text_of_the_data_stays_text(tmp_path: Path) -> None:
    html = page_html(page_of_run(hostile_run(tmp_path / "run")))
    plain = page_html(page_of_run(WITHOUT_FORMATS))
    assert set(tags_of(html)) == set(tags_of(plain))
    assert tags_of(html).count("script") == tags_of(plain).count("script")
    assert html.count("<!--") == plain.count("<!--")
    assert "{{ 7 * 7 }}" in html  # no template is made of it


def tags_of(html: str) -> list[str]:
    """The elements of a page as a parser sees them."""
    parsed = Elements()
    parsed.feed(html)
    return [tag for tag, _ in parsed.elements]


def test_specifications_in_a_page_are_json_that_no_text_can_end(tmp_path: Path) -> None:
    html = page_html(page_of_run(hostile_run(tmp_path / "run")))
    specs = re.findall(r'<script type="application/json">(.*?)</script>', html, flags=re.S)
    assert len(specs) >= 6
    shown = "".join(specs)
    assert "<" not in shown
    assert "\u2028" not in shown
    assert any("owned" in spec for spec in specs)
    for spec in specs:
        assert json.loads(spec)["description"]


@pytest.mark.parametrize("text", [*HOSTILE, os.fsdecode(b"not UTF-8: \xff")])
def test_a_run_of_any_name_has_a_page(text: str, tmp_path: Path) -> None:
    html = page_html(page_of_run(copy_of_the_run(tmp_path / text.replace("/", "-"))))
    html.encode("utf-8")
    assert tags_of(html) == tags_of(page_html(page_of_run(WITHOUT_FORMATS)))


def test_a_run_without_scores_says_how_to_get_them(tmp_path: Path) -> None:
    run = copy_of_the_run(tmp_path / "run")
    run.metrics.unlink()
    html = page_html(page_of_run(run))
    assert "rnnbuild resume" in html
    assert "Worst mistakes" not in html


def test_a_page_takes_the_place_of_a_page_and_of_nothing_else(tmp_path: Path, page: Page) -> None:
    target = tmp_path / "new" / "report.html"
    size = write_page(target, page)
    assert target.stat().st_size == size == write_page(target, page)
    target.write_text("mine")
    with pytest.raises(ArgumentError, match="is not overwritten"):
        write_page(target, page)
    assert target.read_text() == "mine"
    with pytest.raises(ArgumentError):
        write_page(tmp_path, page)


def test_a_page_that_cannot_be_written_is_one_error(tmp_path: Path, page: Page) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArgumentError, match="cannot be written"):
        write_page(tmp_path / "file" / "report.html", page)


def test_the_licences_of_the_scripts_are_in_every_page_and_in_the_package(html: str) -> None:
    text = (PROJECT / "rnnbuild/reports/javascript/licences.txt").read_text()
    assert text == (PROJECT / ".licenses/Vega.txt").read_text()
    assert "University of Washington Interactive Data Lab" in html
    assert text in html


def test_a_run_in_a_folder_that_is_a_link_is_named_for_the_folder(tmp_path: Path) -> None:
    copy_of_the_run(tmp_path / "entities-7")
    (tmp_path / "latest").symlink_to("entities-7")
    assert page_of_run(RunDirectory(tmp_path / "latest")).title == "entities-7"
