"""What the page shows while a text is typed or written."""

import json
from pathlib import Path

from rnnbuild import open_run
from rnnbuild.export.opening import open_stream
from tests.browser import Tab, needs_chromium
from tests.serving.page.opened import ANSWERED, OpenedPage, UrlOf, percent
from tests.serving.server import serving

pytestmark = needs_chromium
WROTE = "document.getElementById('write-status').textContent.startsWith('wrote')"


def test_each_word_is_answered_once_it_is_complete(
    chromium: Tab, classify_run: Path, url_of: UrlOf
) -> None:
    stream, _ = open_stream(classify_run)
    url = url_of(classify_run)
    page = OpenedPage(chromium, url)
    page.fill("input", "")
    page.press("typing")
    chromium.run("document.getElementById('input').focus()")
    for text, read in (
        ("the plo", "the"),
        ("t was ", "the plot was"),
        ("dull\n\n  ", "the plot was dull"),
    ):
        chromium.type(text)
        assert answers(page, len(read.split())) == expected(stream, read)
    page.fill("input", "a fine actor ")  # not what was sent before: the sequence begins anew
    assert answers(page, 3, "actor") == expected(stream, "a fine actor")
    page.press("typing")
    page.ask("a fine actor")
    assert page.text_of(".large bdi") == expected(stream, "a fine actor")[0][1]
    assert chromium.console == []


def answers(page: OpenedPage, count: int, last: str = "") -> list[list[str]]:
    """The rows that are shown once there are as many, the newest first."""
    rows = "document.querySelectorAll('#answer tbody tr')"
    page.tab.wait_for(
        f"{rows}.length === {count} && {rows}[0].innerText.startsWith({json.dumps(last)})"
    )
    return [[cell.strip() for cell in row.split("\t")] for row in page.texts_of("#answer tbody tr")]


def expected(stream, text: str) -> list[list[str]]:
    records, _ = stream.after(text, stream.initial)
    return [
        [one["token"], one["prediction"], percent(one["probability"])] for one in reversed(records)
    ]


def test_the_next_token_follows_what_is_typed(
    chromium: Tab, language_run: Path, url_of: UrlOf
) -> None:
    run = open_run(language_run)
    url = url_of(language_run)
    page = OpenedPage(chromium, url)
    for text in ("The plo", "The plot\n"):
        page.fill("input", text)  # nothing is pressed
        asked = json.dumps(f'{{"input":{json.dumps(text)}')
        chromium.wait_for(
            f"document.getElementById('curl').textContent.includes({asked}) && {ANSWERED}"
        )
        (answer,) = run.predict([text], probabilities=True)
        assert answer.probabilities is not None
        likeliest = sorted(answer.probabilities.values(), reverse=True)
        shares = list(page.bars.values())
        assert shares[:10] == [percent(share) for share in likeliest[:10]]
        assert list(page.bars)[10] == f"{len(likeliest) - 10} others"
        assert shares[10] == percent(sum(likeliest[10:]))


def test_a_text_is_written_with_the_settings_and_shown_verbatim(
    chromium: Tab, language_run: Path, url_of: UrlOf
) -> None:
    run = open_run(language_run)
    url = url_of(language_run)
    page = OpenedPage(chromium, url)
    page.fill("input", "The ")
    settings = {"temperature": 0.5, "top_k": 5, "top_p": 0.9, "seed": 7, "length": 60}
    for name, value in settings.items():
        page.fill(name, str(value))
    page.press("write-it")
    chromium.wait_for(WROTE)
    text = run.generate("The ", **settings)  # type: ignore[arg-type]
    assert written(page) == text
    assert page.text_of("#write-status").endswith("seed 7")
    page.fill("stop", text[12:15])
    page.press("write-it")
    chromium.wait_for(WROTE)
    assert written(page) == run.generate("The ", stop=[text[12:15]], **settings)  # type: ignore[arg-type]


def test_writing_is_stopped_and_settings_out_of_range_are_named_at_their_field(
    chromium: Tab, language_run: Path, tmp_path: Path
) -> None:
    with serving(language_run, "--tokens", 1 << 24, folder=tmp_path) as server:
        page = OpenedPage(chromium, server.url)
        page.fill("length", str(1 << 24))
        page.press("write-it")
        chromium.wait_for("document.getElementById('written').textContent.length > 100")
        page.press("halt")
        chromium.wait_for("document.getElementById('halt').disabled")
        assert page.text_of("#write-status").startswith("stopped after")
        page.fill("length", str(1 << 25))
        page.press("write-it")
        chromium.wait_for("!document.getElementById('write-problem').hidden")
        assert "33,554,432" in page.text_of("#write-problem")
        assert chromium.run("document.getElementById('length').ariaInvalid") == "true"
        assert chromium.run("document.getElementById('seed').ariaInvalid") == "false"


def written(page: OpenedPage) -> str:
    return str(page.tab.run("document.getElementById('written').textContent"))
