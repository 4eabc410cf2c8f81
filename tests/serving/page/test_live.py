"""What the page shows while a text is typed or written."""

import json
import time
from pathlib import Path

import httpx

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
    assert page.text_of("#status") == "answers after each word, once a blank follows it"
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
    said = page.text_of("#write-status")
    assert said.startswith(f"wrote {len(text)} characters, the prompt included, in ")
    assert said.endswith("seed 7")
    page.fill("input", "")
    page.press("write-it")
    chromium.wait_for(
        f"{WROTE} && !document.getElementById('write-status').textContent.includes('prompt')"
    )
    assert page.text_of("#write-status").startswith("wrote 60 characters in ")
    page.fill("input", "The ")
    page.fill("stop", text[12:15])
    page.press("write-it")
    chromium.wait_for(WROTE)
    assert written(page) == run.generate("The ", stop=[text[12:15]], **settings)  # type: ignore[arg-type]


def test_writing_is_stopped_and_settings_out_of_range_are_named_at_their_field(
    chromium: Tab, language_run: Path, tmp_path: Path
) -> None:
    with serving(language_run, "--max-tokens", 1 << 24, folder=tmp_path) as server:
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


def test_what_is_not_stated_is_as_the_server_has_it_and_what_is_wrong_is_said_in_two_lines(
    chromium: Tab, language_run: Path, url_of: UrlOf
) -> None:
    url = url_of(language_run)
    page = OpenedPage(chromium, url)
    usual = {"temperature": "1", "top_k": "all", "top_p": "all", "seed": "any", "length": "500"}
    for name, value in usual.items():
        assert chromium.run(f"document.getElementById('{name}').value") == ""
        assert chromium.run(f"document.getElementById('{name}').placeholder") == value
    for name, value in {"top_p": "1", "temperature": "-1", "seed": "1e"}.items():
        page.fill(name, value)
        page.press("write-it")
        chromium.wait_for(f"document.getElementById('{name}').ariaInvalid === 'true'")
        if name != "seed":
            body = {name: float(value)}
            (error,) = httpx.post(f"{url}/generate", json=body).json()["errors"]
            assert page.text_of("#write-problem").lower() == (
                f"{error['detail']}\n{error['hint']}".lower()
            )
        else:
            assert page.text_of("#write-problem") == "The seed is not a number"
        page.fill(name, "")
    page.fill("top_p", "0.975")  # no multiple of what the arrows add
    page.press("write-it")
    chromium.wait_for(WROTE)
    (error,) = httpx.post(f"{url}/generate", json={"prompt": "ö"}).json()["errors"]
    assert error["hint"].startswith("it knows: \n")
    page.fill("input", "ö")
    page.press("write-it")
    chromium.wait_for("!document.getElementById('write-problem').hidden")
    detail, hint = page.text_of("#write-problem").split("\n")
    assert "`ö`" in detail
    assert hint.startswith(r"It knows: \n")


def test_a_question_that_was_typed_does_not_replace_the_command_of_what_is_written_after_it(
    chromium: Tab, language_run: Path, url_of: UrlOf
) -> None:
    page = OpenedPage(chromium, url_of(language_run))
    page.fill("length", "5")
    page.fill("input", "The plot was")
    chromium.wait_for(ANSWERED)
    chromium.run(  # at once, sooner than the page asks by itself
        "document.execCommand('insertText', false, ' ');document.getElementById('write-it').click()"
    )
    chromium.wait_for(f"{WROTE} && {ANSWERED}")
    time.sleep(0.4)  # twice the time after which it does
    assert "/generate'" in page.text_of("#curl")
    (answer,) = open_run(language_run).predict(["The plot was "], probabilities=True)
    assert answer.probabilities is not None
    shares = sorted(answer.probabilities.values(), reverse=True)
    assert list(page.bars.values())[:10] == [percent(share) for share in shares[:10]]


def test_a_text_that_is_written_anew_replaces_the_one_before(
    chromium: Tab, language_run: Path, url_of: UrlOf
) -> None:
    page = OpenedPage(chromium, url_of(language_run))
    page.fill("length", "20000")
    page.press("write-it")
    chromium.wait_for("document.getElementById('written').textContent.length > 100")
    page.fill("length", "9")
    page.press("write-it")
    chromium.wait_for(WROTE)
    assert len(written(page)) == 9
    assert page.text_of("#write-status").startswith("wrote 9 characters")
    assert chromium.run("document.getElementById('write-problem').hidden")


def written(page: OpenedPage) -> str:
    return str(page.tab.run("document.getElementById('written').textContent"))
