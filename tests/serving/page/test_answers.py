"""What the page shows of each task's answers, beside those of the same model in Python."""

import csv
import json
import subprocess
from pathlib import Path

import httpx
import pytest

from rnnbuild import open_run
from tests.browser import Tab, needs_chromium
from tests.serving.page.opened import ANSWERED, OpenedPage, UrlOf, percent

pytestmark = needs_chromium


def same_by_curl(page: OpenedPage) -> dict:
    """What the command says that the page shows, run by a shell."""
    command = page.tab.run("document.getElementById('curl').textContent")
    done = subprocess.run(
        ["bash"], input=command.replace("curl", "curl -sS", 1), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_label_is_shown_with_every_probability(
    chromium: Tab, classify_run: Path, url_of: UrlOf
) -> None:
    url = url_of(classify_run)
    page = OpenedPage(chromium, url)
    for text in ("what a dull plot", 'it\'s a "fine" film\n\\ $(id) `id` 😀 \u202e', ""):
        page.ask(text)
        (answer,) = open_run(classify_run).predict([text], probabilities=True)
        assert answer.probabilities is not None
        shares = {name: percent(share) for name, share in answer.probabilities.items()}
        assert page.text_of(".large bdi") == answer.prediction
        assert page.bars == shares
        assert list(page.bars) == sorted(shares, key=answer.probabilities.get, reverse=True)  # type: ignore[arg-type]
        assert page.drawn == pytest.approx(
            sorted(answer.probabilities.values(), reverse=True), abs=0.01
        )
        assert same_by_curl(page)["answer"]["prediction"] == answer.prediction
    assert chromium.console == []
    assert {url.rpartition("/")[0] for url in chromium.requests} == {url}


def test_several_labels_are_shown_together(chromium: Tab, labels_run: Path, url_of: UrlOf) -> None:
    url = url_of(labels_run)
    page = OpenedPage(chromium, url)
    page.ask("so dull")
    (answer,) = open_run(labels_run).predict(["so dull"])
    assert page.texts_of(".chips li") == list(answer.prediction)
    assert page.bars == {name: percent(p) for name, p in answer.probabilities.items()}


def test_entities_are_marked_with_their_type_and_every_word_has_its_probability(
    chromium: Tab, tag_run: Path, url_of: UrlOf
) -> None:
    words = ["the", "plot", "was", "new", "york", "very", "rome"]
    (answer,) = open_run(tag_run).predict([words])
    tokens = answer.tokens
    url = url_of(tag_run)
    page = OpenedPage(chromium, url)
    page.ask(" ".join(words))
    assert page.texts_of(".tags bdi:not(small bdi)") == spans(
        [(one.token, one.prediction) for one in tokens]
    )
    marked = page.texts_of(".tagged small")
    assert marked == ["city"] * sum(str(one.prediction)[0] == "B" for one in tokens)
    assert page.text_of(".legend li").split() == ["city", str(len(marked))]
    button = "document.querySelector('.tagged')"
    chromium.run(f"{button}.focus()")
    assert "B-city" in page.text_of("#under")
    chromium.key("Escape")
    assert chromium.run("document.getElementById('under').hidden")
    chromium.run("document.querySelector('#answer details').open = true")
    chromium.wait_for("document.querySelector('#answer details table') !== null")
    cells = page.texts_of("#answer details tbody tr")
    assert [cell.split("\t") for cell in cells] == [
        [one.token, one.prediction, percent(one.probability)] for one in tokens
    ]
    page.ask("   ")
    assert page.text_of("#answer") == "The text has no words."


def test_punctuation_is_split_from_words_unless_it_is_not_to_be(
    chromium: Tab, tag_run: Path, classify_run: Path, url_of: UrlOf
) -> None:
    page = OpenedPage(chromium, url_of(tag_run))
    page.ask("in rome, so (very).")
    assert " ".join(page.texts_of(".tags bdi:not(small bdi)")) == "in rome , so ( very ) ."
    assert same_by_curl(page)["answer"]["tokens"][2]["token"] == ","
    page.press("split")
    chromium.wait_for("!document.getElementById('curl').textContent.includes('split')")
    chromium.wait_for(ANSWERED)
    assert " ".join(page.texts_of(".tags bdi:not(small bdi)")) == "in rome, so (very)."
    assert len(same_by_curl(page)["answer"]["tokens"]) == 4
    page = OpenedPage(chromium, url_of(classify_run))
    assert chromium.run("document.getElementById('split-choice').hidden")
    page.ask("a fine, fine film")
    assert "split" not in page.text_of("#curl")


def spans(tagged: list[tuple[str, str | None]]) -> list[str]:
    """The words, those of an entity as one, as IOB2 has it, and those between two as one."""
    joined: list[str] = []
    before = None
    for word, tag in tagged:
        if before is not None and (tag == "I-city" or tag == before == "O"):
            joined[-1] += f" {word}"
        else:
            joined.append(word)
        before = tag
    return joined


def test_of_ten_thousand_words_the_first_are_shown_and_more_on_demand(
    chromium: Tab, tag_run: Path, url_of: UrlOf
) -> None:
    words = ["the", "plot", "was", "new", "york", "very", "rome"] * 1_500 + ["so's" * 30_000]
    page = OpenedPage(chromium, url_of(tag_run))
    page.press("split")
    page.ask(" ".join(words))
    assert len(page.texts_of(".tags > *")) == 1_000
    while not chromium.run("document.querySelector('.more').hidden"):
        chromium.run("document.querySelector('.more').click()")
    parts = "[...document.querySelectorAll('.tags bdi:not(small bdi)')]"
    shown = chromium.run(f"{parts}.map(part => part.textContent)")
    assert " ".join(shown) == " ".join(words)
    tokens = same_by_curl(page)["answer"]["tokens"]  # longer than an argument may be
    assert [token["token"] for token in tokens] == words


def test_a_text_is_turned_into_another(chromium: Tab, translate_run: Path, url_of: UrlOf) -> None:
    url = url_of(translate_run)
    page = OpenedPage(chromium, url)
    page.ask("very red")
    (answer,) = open_run(translate_run).predict(["very red"])
    shown = page.text_of("#answer")
    assert (answer.prediction or "The answer is an empty text.") in shown
    assert percent(answer.probability) in shown


def test_a_sequence_of_numbers_is_answered_with_numbers(
    chromium: Tab, numbers_run: Path, url_of: UrlOf
) -> None:
    url = url_of(numbers_run)
    page = OpenedPage(chromium, url)
    sequence = [[number / 10, number % 2] for number in range(10)]
    page.ask(json.dumps(sequence))
    (answer,) = open_run(numbers_run).predict([sequence])
    assert float(page.text_of("#answer")) == pytest.approx(answer.prediction[0], rel=1e-5)
    assert "This is not JSON" in page.ask_in_vain("[[1, 2")
    (error,) = httpx.post(f"{url}/predict", json={"input": [[1, 2]]}).json()["errors"]
    said = page.ask_in_vain("[[1, 2]]")  # the server's own words, with a capital
    assert said.lower() == f"{error['detail']}\n{error['hint']}".lower()
    page.press("example")
    chromium.wait_for("document.getElementById('input-problem').hidden")
    chromium.wait_for("document.querySelector('#answer .large') !== null")


def test_a_forecast_is_drawn_behind_the_series_and_listed_with_its_dates(
    chromium: Tab, series_run: Path, url_of: UrlOf
) -> None:
    (file,) = series_run.parent.glob("*.csv")
    text = file.read_text(encoding="utf-8")
    (answer,) = open_run(series_run).predict([file])
    url = url_of(series_run)
    page = OpenedPage(chromium, url)
    for written in (text, text.replace(",", ";").replace(".", ",")):
        page.ask(written)
        rows = [row.split("\t") for row in page.texts_of("#answer tbody tr")]
        assert [date for date, _ in rows] == list(answer.at)
        assert [float(value) for _, value in rows] == pytest.approx(
            answer.prediction["sales"], rel=1e-5
        )
    assert heights(chromium, "past") == pytest.approx(
        drawn_heights(text, answer.prediction["sales"]), abs=0.06
    )
    numbers = [float(row["sales"]) for row in csv.DictReader(text.splitlines())]
    (answer,) = open_run(series_run).predict([numbers])
    for separator in ("\n", ", ", ";"):  # numbers alone, which are no header
        page.ask(separator.join(map(str, numbers)))
        assert [float(row.split("\t")[1]) for row in page.texts_of("#answer tbody tr")] == (
            pytest.approx(answer.prediction["sales"], rel=1e-5)
        )
    for without_header in ("2020-01-01,1\n2020-01-02,2", "1,2\n3,4"):
        assert page.ask_in_vain(without_header) == (
            "The first line contains numbers, where names of columns are expected\n"
            "Begin with a line that names them: sales, and dates if there are any"
        )
    assert "2 columns" in page.ask_in_vain("day,sales\n2020-01-01,1,2")
    assert "too few" in page.ask_in_vain("sales\n1\n2")


def heights(chromium: Tab, line: str) -> list[float]:
    """The y of each point of a line of the plot, in pixels from the top."""
    path = chromium.run(f"document.querySelector('.plot path.{line}').getAttribute('d')")
    return [float(point.split(",")[1]) for point in path[1:].split("L")]


def drawn_heights(text: str, forecast: tuple[float, ...]) -> list[float]:
    """Where the last 40 values should be: 220 pixels hold all values and 6 % at both ends."""
    past = [float(row["sales"]) for row in csv.DictReader(text.splitlines())][-40:]
    low, high = min(*past, *forecast), max(*past, *forecast)
    pad = 0.06 * (high - low)
    return [12 + (high + pad - value) / (high - low + 2 * pad) * 220 for value in past]
