"""The pictures of README.md are what the program draws today."""

import xml.etree.ElementTree as ElementTree

from tests.pictures import COMPARE, IMAGES, terminal_svg, words_of


def test_the_terminal_shows_what_the_command_prints_today() -> None:
    committed = (IMAGES / "compare.svg").read_text(encoding="utf-8")
    assert words_of(committed) == words_of(terminal_svg(COMPARE))
    assert "1.96×" in words_of(committed)


def test_the_picture_of_the_terminal_is_xml_and_asks_nothing_of_any_network() -> None:
    committed = (IMAGES / "compare.svg").read_text(encoding="utf-8")
    assert ElementTree.fromstring(committed).tag == "{http://www.w3.org/2000/svg}svg"
    assert "http" not in committed.replace("http://www.w3.org/2000/svg", "")


def test_the_screenshot_of_a_report_is_a_png_that_loads_in_a_moment() -> None:
    content = (IMAGES / "study.png").read_bytes()
    assert content.startswith(b"\x89PNG")
    assert len(content) < 300_000
