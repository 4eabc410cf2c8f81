"""What the page says where something is in the way: a token, a stopped server, hostile data."""

import json
import os
import re
import shutil
from pathlib import Path

import httpx

from rnnbuild.serving.page.route import page_html, style
from rnnbuild.serving.page.route import script as page_script
from tests.browser import Tab, needs_chromium
from tests.reports.pages import HOSTILE
from tests.serving.page.opened import ANSWERED, READY, OpenedPage, UrlOf
from tests.serving.page.prefix import behind
from tests.serving.server import serving

pytestmark = needs_chromium
SVG = "http://www.w3.org/2000/svg"
"""A name, which nothing fetches."""
TOKEN = "correct-horse-battery-staple"
FOCUSED = "document.activeElement.id || document.activeElement.className"


def hostile_copy(run: Path, folder: Path) -> Path:
    """The run with labels that are markup, in a folder whose name is too."""
    copy = folder / "<img src=x onerror=alert(1)>"
    shutil.copytree(run, copy)
    codec = copy / "codec.json"
    values = json.loads(codec.read_text(encoding="utf-8"))
    values["labels"] = [HOSTILE[1], HOSTILE[2]]
    codec.write_text(json.dumps(values), encoding="utf-8")
    return copy


def test_hostile_names_labels_and_texts_stay_text(
    chromium: Tab, classify_run: Path, tmp_path: Path
) -> None:
    run = hostile_copy(classify_run, tmp_path)
    with serving(run, folder=tmp_path) as server:
        page = OpenedPage(chromium, server.url)
        assert page.text_of("h1") == run.name
        page.ask(HOSTILE[0])
        assert set(page.bars) == {HOSTILE[1], " ".join(HOSTILE[2].split(" "))}
        page.press("typing")
        page.fill("input", f"{HOSTILE[1]} ")
        chromium.wait_for("document.querySelector('#answer tbody tr') !== null")
        elements = chromium.run("document.querySelectorAll('img, script').length")
        assert elements == 1  # the page's own script
        assert "owned" not in chromium.run("document.title")
        assert chromium.console == []


def test_nothing_runs_and_nothing_is_fetched_but_what_the_policy_names(
    chromium: Tab, classify_run: Path, url_of: UrlOf
) -> None:
    url = url_of(classify_run)
    response = httpx.get(url)
    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.text == page_html()
    assert page_script() in response.text
    assert style() in response.text
    assert set(re.findall(r"https?://[^\s\"']+", response.text)) == {SVG}
    page = OpenedPage(chromium, url)
    refused = "fetch('https://example.org/').then(() => 'made', () => 'refused')"
    assert chromium.run(refused) == "refused"
    chromium.run("document.body.insertAdjacentHTML('beforeend', '<i onclick=a() id=evil>x</i>')")
    chromium.run("document.getElementById('evil').click()")
    assert sum("Content Security Policy" in text for text in chromium.console) >= 2
    assert page.text_of("#evil") == "x"


def test_a_token_is_asked_for_kept_in_the_tab_and_in_no_address(
    chromium: Tab, classify_run: Path, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    file.chmod(0o600)
    with serving(classify_run, "--token-file", file, folder=tmp_path) as server:
        chromium.visit(server.url)
        chromium.wait_for("!document.getElementById('entry').hidden")
        assert chromium.run("document.getElementById('try').hidden")
        assert chromium.run("document.activeElement.id") == "token"
        chromium.type("wrong-horse-battery-staple")
        chromium.key("Enter")
        chromium.wait_for("!document.getElementById('trouble').hidden")
        said = chromium.run("document.getElementById('trouble').innerText")
        assert said == "The token is wrong"
        chromium.type(TOKEN)
        chromium.key("Enter")
        chromium.wait_for(READY)
        chromium.visit(server.url)  # the tab remembers it
        page = OpenedPage(chromium, server.url)
        page.ask("a fine film")
        command = page.text_of("#curl")
        assert "$TOKEN" in command
        assert TOKEN not in command
        page.press("typing")
        page.fill("input", "a fine film ")
        chromium.wait_for("document.querySelectorAll('#answer tbody tr').length === 3")
        assert not any(TOKEN in url for url in chromium.requests)
    assert TOKEN not in (tmp_path / "serve.log").read_text()


def test_the_page_works_behind_a_prefix(chromium: Tab, classify_run: Path, url_of: UrlOf) -> None:
    with behind(url_of(classify_run), "/models/a") as url:
        for address in (url, f"{url}/"):
            page = OpenedPage(chromium, address)
            page.ask("a fine film")
            assert f"'{url}/predict'" in page.text_of("#curl")
            assert chromium.run("document.getElementById('openapi').href") == f"{url}/openapi.json"


def test_a_server_that_was_stopped_meanwhile_and_one_that_is_busy_are_said_at_the_field(
    chromium: Tab, classify_run: Path, tmp_path: Path
) -> None:
    with serving(classify_run, folder=tmp_path) as server:
        page = OpenedPage(chromium, server.url)
        page.ask("a fine film")
        too_many = json.dumps(
            {"errors": [{"detail": "too much waits", "hint": "try again in 7 s"}]}
        )
        chromium.run(
            "window.real = window.fetch; window.fetch = async () => new Response("
            f"{json.dumps(too_many)}, {{status: 503, headers: {{'retry-after': '7'}}}}); 0"
        )
        assert page.ask_in_vain("a") == "Too much waits\nTry again in 7 s"
        chromium.run("window.fetch = window.real; 0")
        page.ask("a fine film")  # and works again
        assert chromium.run("document.getElementById('input-problem').hidden")
        page.press("typing")
        page.fill("input", "a fine ")
        chromium.wait_for("document.querySelectorAll('#answer tbody tr').length === 2")
        server.process.terminate()
        assert server.process.wait(30) == os.EX_OK
        chromium.wait_for("!document.getElementById('input-problem').hidden")
        assert page.text_of("#input-problem") == "The server stops"
        assert "does not answer" in page.ask_in_vain("a fine film")


def test_the_page_is_used_by_the_keyboard_alone(
    chromium: Tab, classify_run: Path, url_of: UrlOf
) -> None:
    url = url_of(classify_run)
    OpenedPage(chromium, url)
    reached = []
    for _ in range(4):
        chromium.key("Tab")
        reached.append(
            chromium.run("document.activeElement.id || document.activeElement.className")
        )
    assert reached[:3] == ["skip", "theme", "input"]
    assert chromium.run("document.getElementById('input').labels[0].innerText") == "Text"
    chromium.key("Tab", modifiers=8)
    assert chromium.run("document.activeElement.id") == "input"
    chromium.type("a fine film")
    chromium.key("Tab")
    assert chromium.run("document.activeElement.innerText") == "Answer"
    chromium.key("Enter")
    chromium.wait_for(ANSWERED)
    assert "fine film" in chromium.run("document.getElementById('curl').innerText")
