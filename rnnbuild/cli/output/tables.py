"""Tables in four formats: text for a terminal, JSON, CSV and Markdown."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rnnbuild.cli.options import Format
from rnnbuild.cli.streams import escape_as_json
from rnnbuild.wording.table import Column, Row, Table, Tone

WIDE = 100
"""Columns from which a terminal has room for wide columns of a table."""
STYLES: Mapping[Tone | None, str] = {
    None: "",
    "name": "bold",
    "drawing": "cyan",
    "good": "green",
    "warning": "yellow",
    "bad": "bold red",
}


def print_table(table: Table, form: Format) -> None:
    """Print a result to stdout."""
    match form:
        case Format.table:
            _print_rich(table)
        case Format.json:
            print_json(table.json_document)
        case Format.csv:
            _print_csv(table)
        case Format.markdown:
            _print_markdown(table)


def print_tables(tables: Iterable[Table], form: Format) -> None:
    """Print tables with an empty line between them."""
    for number, table in enumerate(tables):
        if number:
            print()
        print_table(table, form)


def print_json(document: Any) -> None:
    import json

    escape_as_json()
    print(json.dumps(document, indent=2, ensure_ascii=False))


def print_wrapped(sentences: Iterable[str]) -> None:
    """Print sentences, wrapped to 80 columns."""
    from textwrap import wrap

    for sentence in sentences:
        for line in wrap(sentence, 80, break_on_hyphens=False):
            print(line)


def _print_csv(table: Table) -> None:
    import csv

    writer = csv.writer(sys.stdout, lineterminator="\n")
    fields = table.csv_fields
    writer.writerow(fields)
    writer.writerows([_field(row.get(key)) for key in fields] for row in table.rows)


def _field(value: Any) -> Any:
    """A value for a CSV file: raw, except that a shape such as (50, 10) becomes `50×10`."""
    return "×".join(map(str, value)) if isinstance(value, tuple) else value


def _all_rows(table: Table) -> list[Row]:
    return [*table.rows, *([table.totals] if table.totals else [])]


def _print_markdown(table: Table) -> None:
    if table.title:
        print(f"**{table.title}**\n")
    print("| " + " | ".join(column.header.replace("\n", " ") for column in table.columns) + " |")
    rules = ("---:" if column.align == "right" else "---" for column in table.columns)
    print("| " + " | ".join(rules) + " |")
    for row in _all_rows(table):
        cells = (_one_line(column.cell(row)) for column in table.columns)
        print("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    for note in table.notes:
        print(f"\n{note}")


def _one_line(text: str) -> str:
    """A text without line breaks, which would end a row in Markdown."""
    return " ".join(line.strip() for line in text.split("\n"))


def _print_rich(table: Table) -> None:
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)
    columns = [
        column for column in table.columns if console.width >= WIDE or column.priority != "wide"
    ]
    if not _fits(columns, _cells(columns, table), console.width):
        columns = [column for column in columns if column.priority != "spare"]
    with console.capture() as captured:
        if table.title:  # Rich would wrap its own title at the width of the table
            console.print(escape(table.title), style="bold")
        console.print(_grid(table, columns, console.width))
        for note in table.notes:
            console.print(f"\n{escape(note)}", soft_wrap=False)
    # Rich pads every line with spaces to the table's width: strip them in files and pipes.
    for line in captured.get().removesuffix("\n").split("\n"):
        print(line if console.is_terminal else line.rstrip())


def _grid(table: Table, columns: Sequence[Column], width: int) -> Any:
    """Rich's table of some columns."""
    from rich.markup import escape
    from rich.table import Table as RichTable

    grid = RichTable(
        box=None,
        pad_edge=False,
        header_style="bold cyan",
    )
    for column in columns:
        grid.add_column(
            escape(column.header),
            justify=column.align,
            style=STYLES[column.tone],
            no_wrap=column.one_line,
            overflow="fold",
            # A header may break between words, but not within one.
            min_width=max(map(len, column.header.split()), default=0),
        )
    rows = _cells(columns, table)
    if rows and _fits(columns, rows, width):
        # Rich takes a millisecond for each row. If no cell wraps, the cells of a column can be
        # joined into one, so that the table has a single row.
        rows = [["\n".join(cells) for cells in zip(*rows, strict=True)]]
    for cells in rows:
        grid.add_row(*cells)
    if table.totals:
        grid.add_section()
        grid.add_row(*(escape(column.cell(table.totals)) for column in columns), style="bold")
    return grid


def _cells(columns: Sequence[Column], table: Table) -> list[list[str]]:
    return [[_cell(column, row) for column in columns] for row in table.rows]


def _cell(column: Column, row: Row) -> str:
    """A cell's text in Rich's markup."""
    from rich.markup import escape

    text = column.cell(row)
    tone = column.tones.get(text)
    return f"[{STYLES[tone]}]{escape(text)}[/]" if tone else escape(text)


def _fits(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether every cell fits on one line with all columns side by side in `width`."""
    from rich.cells import cell_len

    if any("\n" in cell for cells in rows for cell in cells):
        return False
    widths = (
        max(cell_len(text) for text in (*column.header.splitlines(), *cells))
        for column, cells in zip(columns, zip(*rows, strict=True), strict=True)
    )
    return sum(widths) + 2 * len(columns) <= width
