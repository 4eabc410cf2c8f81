"""Tables in four formats: text for a terminal, JSON, CSV and Markdown."""

import sys
from collections.abc import Iterable
from typing import Any, TextIO

from rnnbuild.cli.options import Format
from rnnbuild.cli.output.screen import Answers, painter, print_wrapped, width_of
from rnnbuild.cli.streams import escape_as_json
from rnnbuild.visible import json_text, visible
from rnnbuild.wording.layout import table_lines
from rnnbuild.wording.markdown import markdown_lines
from rnnbuild.wording.prose import wrapped
from rnnbuild.wording.table import Table


def print_table(table: Table, form: Format) -> None:
    """Print a result to stdout."""
    match form:
        case Format.table:
            print_text(table)
        case Format.json:
            print_json(table.json_document)
        case Format.csv:
            _print_csv(table)
        case Format.markdown:
            for line in markdown_lines(table):
                print(line)


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


def print_text(table: Table, stream: TextIO | None = None) -> None:
    """Print a table as a person reads it, to stdout or another stream."""
    stream = sys.stdout if stream is None else stream
    width, paint = width_of(stream), painter(stream)
    if table.title:
        for line in wrapped(visible(table.title), width):
            print(paint(line, "bold"), file=stream)
    for line in table_lines(table, width, paint):
        print(line, file=stream)
    for note in table.notes:
        print(file=stream)
        print_wrapped([note], stream)


def _print_csv(table: Table) -> None:
    import csv

    csv.writer(Answers(), lineterminator="\n").writerows(table.csv_rows)
