"""Tables in any width: whatever is in them, no name and no number is cut or broken."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from rnnbuild.visible import visible
from rnnbuild.wording.layout import GAP, INDENT, LEAST_PROSE, table_lines
from rnnbuild.wording.table import Column, Table


def lines_of(table: Table, width: int | None) -> list[str]:
    return list(table_lines(table, width, lambda text, style: text))


NAMES = st.text("ab _-.日é", min_size=1, max_size=14).map(str.strip).filter(bool)
NUMBERS = st.integers(0, 10**9) | st.floats(0.001, 1e6)
SENTENCES = st.lists(st.text("abc,", min_size=1, max_size=9), min_size=1, max_size=12).map(" ".join)


@st.composite
def tables(draw: Any) -> Table:
    kinds = draw(st.lists(st.sampled_from(["name", "number", "prose"]), min_size=1, max_size=9))
    headers = draw(st.lists(NAMES, min_size=len(kinds), max_size=len(kinds)))
    columns, values = [], {"name": NAMES, "number": NUMBERS, "prose": SENTENCES}
    for number, (kind, header) in enumerate(zip(kinds, headers, strict=True)):
        align = draw(st.sampled_from(["left", "right", "center"]))
        wrap: Any = "words" if kind == "prose" else "never"
        columns.append(Column(str(number), header, align=align, wrap=wrap))
    rows = draw(
        st.lists(st.tuples(*(values[kind] for kind in kinds)), min_size=1, max_size=4).map(
            lambda rows: [dict(zip(map(str, range(9)), row, strict=False)) for row in rows]
        )
    )
    return Table(columns, rows, keys=draw(st.integers(1, len(kinds))))


def whole(table: Table) -> Sequence[str]:
    """Every header and every cell that must not be broken."""
    never = [column for column in table.columns if column.wrap == "never"]
    cells = [visible(column.cell(row)) for column in never for row in table.rows]
    return [*(visible(line) for column in table.columns for line in column.header_lines), *cells]


@given(tables(), st.integers(1, 220))
def test_every_name_and_number_is_whole_and_lines_fit_unless_one_alone_does_not(table, width):
    lines = lines_of(table, width)
    for text in whole(table):
        assert any(text in line for line in lines), text
    words = [word for line in lines for word in line.split()]
    for column in table.columns:
        for row in table.rows:
            assert all(word in words or column.wrap == "never" for word in column.cell(row).split())
    widest = max(map(cell_len, whole(table)))
    least = max(widest, LEAST_PROSE if any(c.wrap == "words" for c in table.columns) else 0)
    assert all(cell_len(line) <= max(width, least + INDENT) for line in lines)


@given(tables())
def test_without_a_width_each_row_is_one_line(table):
    assert len(lines_of(table, None)) == 1 + len(table.rows)


SCORES = Table(
    [
        Column("metric", "metric", tone="name"),
        *(Column(name, name, align="right") for name in ("this model", "persistence", "AR(12)")),
    ],
    [{"metric": "RMSE", "this model": 176.27, "persistence": 51.944, "AR(12)": 19.734}],
    totals={"metric": "total", "this model": 1, "AR(12)": 3},
)


def test_columns_that_do_not_fit_go_below_with_the_name_of_their_row_and_the_totals():
    assert lines_of(SCORES, 31) == [
        "metric  this model  persistence",
        "RMSE        176.27       51.944",
        "total            1",
        "",
        "metric  AR(12)",
        "RMSE    19.734",
        "total        3",
    ]


def test_where_a_name_leaves_no_room_it_gets_a_line_of_its_own():
    assert lines_of(SCORES, 18)[:6] == [
        *("metric", "  this model"),
        *("RMSE", "      176.27"),
        *("total", "           1"),
    ]


def test_what_only_repeats_other_columns_is_left_out_where_it_does_not_fit():
    table = Table(
        [Column("n", "count"), Column("bar", "bar", spare=True), Column("m", "more")],
        [{"n": 1, "bar": "█████████", "m": 2}],
    )
    assert lines_of(table, 30)[0].split() == ["count", "bar", "more"]
    assert lines_of(table, 20)[0].split() == ["count", "more"]


def test_sentences_share_the_room_that_is_left():
    text = "one two three four five six seven eight nine ten eleven twelve"
    table = Table([Column("n", "n"), Column("t", "text", wrap="words")], [{"n": 12, "t": text}])
    lines = lines_of(table, 40)
    assert max(map(len, lines)) > 34
    assert lines[1].startswith(f"12{' ' * GAP}one two")
    assert all(line.startswith(" " * (2 + GAP)) for line in lines[2:])


@pytest.mark.parametrize("label", ["x\ny", "\x1b[2J", "[red]a[/red]", "[/]", "\\[bold]", "a\tb"])
def test_control_characters_are_visible_and_markup_is_verbatim(label):
    table = Table(
        [Column("label", label), Column("t", "t", wrap="words")], [{"label": label, "t": label}]
    )
    for width in (None, 10):
        text = "\n".join(lines_of(table, width))
        assert text.count(visible(label)) >= 2
        assert "\x1b" not in text
        assert "\t" not in text


def test_a_column_without_a_header_stays_beside_the_one_that_says_what_it_is():
    columns = [
        Column("run", "run"),
        Column("epochs", "epochs"),
        Column("what", "score"),
        Column("score", ""),
        Column("time", "time"),
    ]
    row = {"run": "runs/a-1", "epochs": "2/2", "what": "test macro F1", "score": 0.25, "time": "9s"}
    assert lines_of(Table(columns, [row]), 34) == [
        "run       epochs",
        "runs/a-1  2/2",
        "",
        "run       score",
        "runs/a-1  test macro F1  0.25",
        "",
        "run       time",
        "runs/a-1  9s",
    ]
    assert lines_of(Table(columns, [row]), 24)[5:9] == [
        "run",
        "  score",
        "runs/a-1",
        "  test macro F1  0.25",
    ]
    # Narrower than both together.
    assert "  test macro F1" in lines_of(Table(columns, [row]), 18)
