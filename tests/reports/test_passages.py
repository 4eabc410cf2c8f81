"""The passages of a language model on its page, in which surprising tokens are marked."""

import json
from pathlib import Path

from rnnbuild.reports.blocks import Page, Passages, Section
from rnnbuild.reports.html import page_html
from rnnbuild.reports.page import page_of
from rnnbuild.reports.run.page import page_of_run
from rnnbuild.reports.run.passages import passages_block, pieces_of, shade_of
from rnnbuild.reports.run.sample import Sample
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.metrics_file import SurprisingPassage, SurprisingToken
from tests.reports.pages import HOSTILE


def test_tokens_that_cost_about_as_much_are_one_piece_and_no_text_is_lost() -> None:
    passage = SurprisingPassage(
        1, "abcdef", 3.0, tuple("abcdef"), (0.1, 1.9, 2.0, 6.0, 9.0, None), ()
    )
    pieces = [(piece.text, piece.shade) for piece in pieces_of(passage)]
    assert pieces == [("ab", 0), ("c", 1), ("def", 3)]


def test_the_shade_says_the_order_of_magnitude_of_the_probability() -> None:
    assert [shade_of(nats) for nats in (0.0, 1.99, 2.0, 3.99, 4.0, 6.0, 80.0)] == [
        *(0, 0, 1, 1, 2, 3, 3)
    ]


def test_the_page_of_a_language_model_has_what_its_metrics_have(language_run: Path) -> None:
    page = page_of([language_run])
    metrics = json.loads((language_run / "metrics.json").read_text())
    details = metrics["details"]["test"]
    (block,) = (block for block in page.blocks if isinstance(block, Passages))
    for passage, saved in zip(block.passages, details["mistakes"], strict=True):
        assert "".join(piece.text for piece in passage.pieces) == saved["text"]
        assert len(passage.remarks) == len(saved["surprises"])
    (figure,) = (figure for figure in page.figures if figure.name == "positions")
    assert [row["tokens"] for row in figure.table.rows] == [
        group["tokens"] for group in details["by_position"]
    ]
    assert "Context counts here too, so most of the text counts twice." in figure.table.notes
    assert {figure.name for figure in page.figures} >= {"score", "curve-loss"}
    assert "curve-nats" not in {figure.name for figure in page.figures}  # the same numbers
    html = page_html(page)
    assert "nats per character" in html and "nats a token" not in html and 'class="shade-' in html


def test_a_text_that_tries_to_be_more_stays_text() -> None:
    words = [f"{text} `code`" for text in HOSTILE]
    surprises = tuple(
        SurprisingToken(place, text, 9.0, text, 0.5) for place, text in enumerate(words, 1)
    )
    passage = SurprisingPassage(
        1, "".join(words), 3.0, tuple(words), tuple(9.0 for _ in words), surprises
    )
    section = Section("answers", "Answers", [passages_block([passage], "test", "word")])
    html = page_html(Page("run", "made", "made", [section]))
    body = html[html.index('<ol class="examples passages">') :]
    body = body[: body.index("</ol>")]
    assert "<script>" not in body and "<img" not in body and "{%" in body
    assert "&lt;/script&gt;" in body


def test_three_passages_are_open_and_the_others_are_a_click_away() -> None:
    def body(count: int) -> str:
        passages = [
            SurprisingPassage(row, f"text {row}", 3.0, (f"text {row}",), (9.0,), ())
            for row in range(1, count + 1)
        ]
        section = Section("answers", "Answers", [passages_block(passages, "test", "word")])
        html = page_html(Page("run", "made", "made", [section]))
        return html[html.index("Most surprising passages") :].partition("</section>")[0]

    opened, _, folded = body(10).partition("<details")
    assert (opened.count("test row"), folded.count("test row")) == (3, 7)
    assert "<summary>7 more</summary>" in folded
    assert "<details" not in body(3)


def test_what_the_model_writes_comes_before_what_it_did_not_expect(language_run: Path) -> None:
    page = page_of_run(RunDirectory(language_run), Sample("a text", "rnnbuild generate"))
    names = [section.name for section in page.sections]
    assert names.index("sample") < names.index("answers")
