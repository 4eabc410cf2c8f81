"""Rows that are printed as they come: below their header, which stays in sight in a terminal."""

from rnnbuild.cli.output.rows import LIVE_LINES, Rows
from rnnbuild.wording.growing_table import growing_table
from rnnbuild.wording.layout import unpainted
from rnnbuild.wording.table import Column

TABLE = growing_table([Column("n", ("the", "number"), align="right")], {"n": 100}, None, ())


def test_a_file_has_the_header_once() -> None:
    printed: list[str] = []
    rows = Rows(printed.append, unpainted)
    for number in range(500):
        rows.add(TABLE, {"n": number})
    assert printed[:3] == ["   the", "number", "     0"]
    assert printed.count("number") == 1
    assert len(printed) == 502


def test_in_a_terminal_the_header_is_always_among_the_lines_that_it_shows() -> None:
    printed: list[str] = []
    height = 24
    rows = Rows(printed.append, unpainted, height)
    rows.line("note: before the first row")
    for number in range(100):
        rows.add(TABLE, {"n": number})
        if number % 3 == 0:
            rows.line("note: something to know")
        on_screen = printed[-(height - LIVE_LINES + len(TABLE.tier.strips[0].header) + 1) :]
        assert "number" in on_screen
    assert 5 < printed.count("number") < 20


def test_a_cell_that_is_wider_than_its_column_moves_the_rest() -> None:
    columns = [Column("n", "n", align="right"), Column("mark", "")]
    table = growing_table(columns, {"n": 1, "mark": "best"}, None, ())
    assert list(table.row({"n": 12_345, "mark": "best"}, unpainted)) == ["12,345  best"]
