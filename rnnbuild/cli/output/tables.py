"""A result as a table, and the four ways of printing it: table, JSON, CSV and Markdown."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from rnnbuild.cli.options import Format

Row = Mapping[str, Any]

WIDE = 100
"""Columns of a terminal that has room for more than the essential."""


def plain(value: Any) -> str:
    """A value as a person reads it: 33,024 with its comma, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.4g}"
    return str(value)


@dataclass(frozen=True)
class Column:
    """One thing that is told of every row."""

    key: str
    """Its name in JSON and CSV, where values stay raw."""
    header: str
    text: Callable[[Any], str] = plain
    """How a value is shown to a person."""
    justify: Literal["left", "right", "center"] = "left"
    style: str = ""
    no_wrap: bool = False
    value_styles: Mapping[str, str] = field(default_factory=dict)
    """Styles of some values of it, by the value as it is shown."""
    wide_only: bool = False
    """Left out of a table where the terminal is narrower than WIDE."""
    spare: bool = False
    """Left out of a table in which another column's values would break otherwise."""
    drawn: bool = False
    """A drawing of another column's values: left out of CSV."""


@dataclass(frozen=True)
class Table:
    """Rows of raw values, and how each column is shown."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    title: str = ""
    totals: Row | None = None
    """A last row, set apart."""
    notes: Sequence[str] = field(default=())
    """Sentences below the table."""


def print_table(table: Table, form: Format, document: Any = None) -> None:
    """Print a result to stdout. JSON prints `document`, or else the rows, with raw values."""
    match form:
        case Format.table:
            _print_rich(table)
        case Format.json:
            print_json(document if document is not None else [dict(row) for row in table.rows])
        case Format.csv:
            _print_csv(table)
        case Format.markdown:
            _print_markdown(table)


def _print_csv(table: Table) -> None:
    import csv

    writer = csv.writer(sys.stdout, lineterminator="\n")
    columns = [column for column in table.columns if not column.drawn]
    writer.writerow(column.key for column in columns)
    writer.writerows([_field(row.get(c.key)) for c in columns] for row in table.rows)


def _field(value: Any) -> Any:
    """A value of a CSV file: raw, but a shape such as (50, 10) as `50×10`."""
    return "×".join(map(str, value)) if isinstance(value, tuple) else value


def print_json(document: Any) -> None:
    import json

    print(json.dumps(document, indent=2, ensure_ascii=False))


def _all_rows(table: Table) -> list[Row]:
    return [*table.rows, *([table.totals] if table.totals else [])]


def _print_markdown(table: Table) -> None:
    if table.title:
        print(f"**{table.title}**\n")
    print("| " + " | ".join(column.header.replace("\n", " ") for column in table.columns) + " |")
    rules = ("---:" if column.justify == "right" else "---" for column in table.columns)
    print("| " + " | ".join(rules) + " |")
    for row in _all_rows(table):
        cells = (column.text(row.get(column.key)) for column in table.columns)
        print("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    for note in table.notes:
        print(f"\n{note}")


def _print_rich(table: Table) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table as RichTable

    console = Console(highlight=False)
    columns = [column for column in table.columns if console.width >= WIDE or not column.wide_only]
    if not _fits(columns, _cells(columns, table), console.width):
        columns = [column for column in columns if not column.spare]
    grid = RichTable(
        title=escape(table.title) or None,
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        header_style="bold cyan",
    )
    for column in columns:
        grid.add_column(
            escape(column.header),
            justify=column.justify,
            style=column.style,
            no_wrap=column.no_wrap,
            overflow="fold",
            # A header may break between its words, and never within one.
            min_width=max(map(len, column.header.split()), default=0),
        )
    rows = _cells(columns, table)
    if rows and _fits(columns, rows, console.width):
        # Rich lays out cell by cell, in a millisecond a row: where no cell wraps, all the cells of
        # a column can be one.
        rows = [["\n".join(cells) for cells in zip(*rows, strict=True)]]
    for cells in rows:
        grid.add_row(*cells)
    if table.totals:
        grid.add_section()
        grid.add_row(
            *(escape(column.text(table.totals.get(column.key))) for column in columns),
            style="bold",
        )
    with console.capture() as captured:
        console.print(grid)
        for note in table.notes:
            console.print(f"\n{escape(note)}", soft_wrap=False)
    # Rich fills every line up to the table's width, which no file and no pipe needs.
    for line in captured.get().removesuffix("\n").split("\n"):
        print(line if console.is_terminal else line.rstrip())


def _cells(columns: Sequence[Column], table: Table) -> list[list[str]]:
    return [[_cell(column, row) for column in columns] for row in table.rows]


def _cell(column: Column, row: Row) -> str:
    """A value in rich's markup."""
    from rich.markup import escape

    text = column.text(row.get(column.key))
    style = column.value_styles.get(text)
    return f"[{style}]{escape(text)}[/]" if style else escape(text)


def _fits(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether every cell has one line and all columns stand beside one another in a width."""
    from rich.cells import cell_len

    if any("\n" in cell for cells in rows for cell in cells):
        return False
    widths = (
        max(cell_len(text) for text in (*column.header.splitlines(), *cells))
        for column, cells in zip(columns, zip(*rows, strict=True), strict=True)
    )
    return sum(widths) + 2 * len(columns) <= width
