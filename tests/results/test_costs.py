"""What models cost, in Python: the figures, and what is shown of them."""

from html.parser import HTMLParser

import pytest

import rnnbuild
from rnnbuild.errors import ArgumentError, ConfigError
from rnnbuild.results.shown import html_of
from rnnbuild.wording.table import Column, Table
from tests.cli.command import rnnbuild as command


@pytest.mark.parametrize("name", ["summary", "explain"])
def test_in_a_console_a_result_is_what_the_command_prints(name: str) -> None:
    result = getattr(rnnbuild, name)("classic", {"units": 7})
    assert f"{result!r}\n" == command(name, "classic", "--set", "units=7", columns=100).out


def test_a_comparison_is_what_the_command_prints() -> None:
    compared = rnnbuild.compare("classic", vary={"cell": ["gru", "lstm"], "units": [8, 16]})
    printed = command(
        "compare", "classic", "--vary", "cell=gru,lstm", "--vary", "units=8,16", columns=100
    )
    assert f"{compared!r}\n" == printed.out
    assert [len(compared), compared[3].settings] == [4, (("cell", "lstm"), ("units", 16))]
    assert (
        compared[-1].cost.parameters
        == rnnbuild.summary("classic", {"cell": "lstm", "units": 16}).parameters
    )


def test_models_are_given_equal_parameters() -> None:
    options = ["--vary", "cell=gru,lstm", "--equal-parameters", "first"]
    vary = {"cell": ["gru", "lstm"]}
    compared = rnnbuild.compare("classic", vary=vary, equal_parameters="first")
    assert f"{compared!r}\n" == command("compare", "classic", *options, columns=100).out
    assert compared.budget == compared[0].cost.parameters


def test_several_configs_are_compared_as_they_are_given() -> None:
    loaded = rnnbuild.load("classic", {"units": 9})
    compared = rnnbuild.compare("classic", loaded, settings={"model.embedding.output_dim": 4})
    assert [model.resolved.config.model.layers[0].units for model in compared] == [5, 9]  # type: ignore[union-attr]
    assert {model.cost.layers[0].output_width for model in compared} == {4}


def test_an_explanation_has_one_of_each_layer() -> None:
    explained = rnnbuild.explain("classic")
    names = [layer.name for layer in explained.summary.layers]
    assert names == ["embedding", "bidirectional_simple_rnn", "head"]
    assert explained.layers[1].parameters == "2·(5·(10+5)+5)"


@pytest.mark.parametrize(
    "arguments",
    [
        {"vary": {"units": [3]}, "equal_parameters": 400},
        {"equal_parameters": 0},
        {"equal_parameters": "last"},
    ],
)
def test_what_contradicts_itself_is_an_argument_error(arguments: dict[str, object]) -> None:
    with pytest.raises(ArgumentError):
        rnnbuild.compare("classic", **arguments)  # type: ignore[arg-type]


def test_nothing_to_compare_and_nothing_to_vary_are_errors() -> None:
    with pytest.raises(ArgumentError, match="nothing to compare"):
        rnnbuild.compare()
    for alternatives in ("gru", []):
        with pytest.raises(ConfigError, match="no list of alternatives"):
            rnnbuild.compare("classic", vary={"cell": alternatives})


class Cells(HTMLParser):
    """The text in each cell of a table, and every element there is."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.cells: list[str] = []

    def handle_starttag(self, tag: str, attributes: object) -> None:
        self.tags.add(tag)
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_data(self, text: str) -> None:
        if self.cells:
            self.cells[-1] += text


def test_a_notebook_shows_the_same_figures_as_a_table() -> None:
    cells = Cells()
    cells.feed(rnnbuild.summary("classic")._repr_html_())
    assert "table" in cells.tags
    texts = [text.strip() for text in cells.cells]
    at = texts.index("bidirectional_simple_rnn")
    assert "160" in texts[at : at + 8]
    explained = rnnbuild.explain("classic")._repr_html_()
    assert "<pre>classic: 671 parameters" in explained


def test_names_are_text_in_a_notebook() -> None:
    shown = Cells()
    shown.feed(
        html_of("<b>&amp;</b>") + html_of(Table([Column("a", "<i>")], [{"a": "<img src=x>"}]))
    )
    assert not shown.tags & {"b", "i", "img"}
    assert shown.cells[-1].strip() == "<img src=x>"
