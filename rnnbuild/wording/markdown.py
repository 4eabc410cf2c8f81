"""Tables in Markdown."""

import re
from collections.abc import Iterator

from rnnbuild.visible import visible
from rnnbuild.wording.table import Column, Row, Table


def markdown_lines(table: Table) -> Iterator[str]:
    """The lines of a table, its title above and its notes below it."""
    if table.title:
        yield f"**{_markdown(table.title)}**\n"
    headers = [_markdown(" ".join(column.header_lines)) for column in table.columns]
    yield f"| {' | '.join(headers)} |"
    rules = ("---:" if column.align == "right" else "---" for column in table.columns)
    yield f"| {' | '.join(rules)} |"
    for row in [*table.rows, *([table.totals] if table.totals else [])]:
        yield f"| {' | '.join(_markdown_cell(column, row) for column in table.columns)} |"
    for note in table.notes:
        yield f"\n{_markdown(note)}"


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
