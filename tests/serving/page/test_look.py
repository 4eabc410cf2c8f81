"""How the page looks: readable by everybody, in a narrow window too, in both themes."""

from pathlib import Path

import pytest

from tests.browser import Tab, needs_chromium
from tests.serving.page.opened import OpenedPage, UrlOf

pytestmark = needs_chromium


@pytest.mark.parametrize(
    ("run", "text"),
    [
        ("classify_run", "fine" * 200),
        ("tag_run", "the plot was new york and rome "),
        ("language_run", "The plot "),
        ("series_run", "\n".join(["sales", *(str(20 + 5 * (day % 7)) for day in range(40))])),
    ],
)
def test_the_page_has_no_fault_that_axe_finds_and_is_no_wider_than_its_window(
    run: str,
    text: str,
    chromium: Tab,
    request: pytest.FixtureRequest,
    url_of: UrlOf,
) -> None:
    url = url_of(request.getfixturevalue(run))
    for width, scheme in ((1280, "light"), (390, "dark")):
        page = OpenedPage(chromium, url, width, scheme)
        page.ask(text)
        chromium.run("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert chromium.faults() == [], scheme
        assert chromium.run("document.documentElement.scrollWidth") <= width
    if run == "series_run":
        assert page.ask_in_vain("\n")
        assert chromium.faults() == []


def test_the_theme_is_the_systems_until_it_is_switched(
    chromium: Tab, classify_run: Path, url_of: UrlOf
) -> None:
    def background() -> str:
        return str(chromium.run("getComputedStyle(document.body).backgroundColor"))

    url = url_of(classify_run)
    OpenedPage(chromium, url)
    light = background()
    page = OpenedPage(chromium, url, scheme="dark")
    assert background() != light
    page.press("theme")
    assert background() == light
