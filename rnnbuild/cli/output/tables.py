"""Tables in four formats: text for a terminal, JSON, CSV and Markdown."""

import re
import sys
from collections.abc import Iterable
from typing import Any

from rnnbuild.cli.options import Format
from rnnbuild.cli.output.layout import table_lines
from rnnbuild.cli.output.prose import wrapped
from rnnbuild.cli.output.screen import Answers, painter, print_wrapped, width_of
from rnnbuild.cli.streams import escape_as_json
from rnnbuild.visible import json_text, visible
from rnnbuild.wording.table import Column, Row, Table


def print_table(table: Table, form: Format) -> None:
    """Print a result to stdout."""
    match form:
        case Format.table:
            _print_text(table)
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
    print(json_text(json.dumps(document, indent=2, ensure_ascii=False)))


def _print_text(table: Table) -> None:
    width, paint = width_of(sys.stdout), painter(sys.stdout)
    if table.title:
        for line in wrapped(visible(table.title), width):
            print(paint(line, "bold"))
    for line in table_lines(table, width, paint):
        print(line)
    for note in table.notes:
        print()
        print_wrapped([note])


def _print_csv(table: Table) -> None:
    import csv

    writer = csv.writer(Answers(), lineterminator="\n")
    fields = table.csv_fields
    writer.writerow(fields)
    writer.writerows([_field(row.get(key)) for key in fields] for row in table.rows)


def _field(value: Any) -> Any:
    """A value for a CSV file: raw, except that a shape such as (50, 10) becomes `50×10`."""
    return "×".join(map(str, value)) if isinstance(value, tuple) else value


def _print_markdown(table: Table) -> None:
    if table.title:
        print(f"**{_markdown(table.title)}**\n")
    headers = [_markdown(" ".join(column.header_lines)) for column in table.columns]
    print(f"| {' | '.join(headers)} |")
    rules = ("---:" if column.align == "right" else "---" for column in table.columns)
    print(f"| {' | '.join(rules)} |")
    for row in [*table.rows, *([table.totals] if table.totals else [])]:
        print(f"| {' | '.join(_markdown_cell(column, row) for column in table.columns)} |")
    for note in table.notes:
        print(f"\n{_markdown(note)}")


def _markdown_cell(column: Column, row: Row) -> str:
    """A cell's text without line breaks, which would end the row."""
    text = column.cell(row)
    if column.wrap == "words":
        text = " ".join(line.strip() for line in text.split("\n"))
    return _markdown(text).replace("|", "\\|")


_CODE_OR_TAG = re.compile(r"(`[^`]*`)|<")


def _markdown(text: str) -> str:
    """A text in which Markdown sees no HTML: a label `<unk>` would vanish."""
    return _CODE_OR_TAG.sub(lambda match: match[1] or "\\<", visible(text))
