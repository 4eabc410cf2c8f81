"""Tables as lines of text, in any width, without cutting or breaking a number or a name.

Columns that do not fit side by side go below, as further blocks of the same table. Each block
begins with the columns that name a row; where these leave no room beside them, they get a line of
their own, and the values follow indented. A column without a header stays beside the one before it,
which says what it is, if both fit. Sentences alone are wrapped. What is wider than the screen by
itself, as a long path, is left to it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len

from rnnbuild.visible import visible
from rnnbuild.wording.prose import wrapped
from rnnbuild.wording.table import Column, Row, Table

Paint = Callable[[str, str | None], str]
"""Gives a text the look of a style, or leaves it as it is."""
GAP = 2
"""Columns between two columns of a table."""
INDENT = 2
LEAST_PROSE = 24
"""Sentences get at least this much room, or as much as they need."""


def unpainted(text: str, style: str | None) -> str:
    """A text as it is: the look of output without colours."""
    return text


@dataclass(frozen=True)
class Strip:
    """A table's column from its header to its last row: the text of every cell."""

    column: Column
    header: list[str]
    cells: list[str]
    natural: int
    """Width with each cell on one line; of sentences, on as many lines as they have."""

    @property
    def least(self) -> int:
        return min(self.natural, LEAST_PROSE) if self.column.wrap != "never" else self.natural

    def lines(self, row: int, width: int) -> list[str]:
        cell = self.cells[row]
        if self.column.wrap == "never":
            return [cell]
        return wrapped(cell, width, widest=width, between=self.column.wrap)


@dataclass(frozen=True)
class Tier:
    """Strips side by side, each with the width that it gets."""

    strips: Sequence[Strip]
    widths: Sequence[int]
    indent: int = 0

    def lines(
        self, cells: Sequence[Sequence[str]], styles: Sequence[str | None], paint: Paint
    ) -> Iterator[str]:
        """Cells of one or more lines each, side by side."""
        for height in range(max(map(len, cells))):
            line, gap = "", " " * self.indent
            for strip, width, cell, style in zip(
                self.strips, self.widths, cells, styles, strict=True
            ):
                text = cell[height] if height < len(cell) else ""
                before, after = padding(text, width, strip.column.align)
                if text:
                    line += gap + " " * before + paint(text, style)
                    gap = " " * (after + GAP)
                else:
                    gap += " " * (width + GAP)
            yield line

    def header(self, paint: Paint) -> Iterator[str]:
        height = max(len(strip.header) for strip in self.strips)
        cells = [[""] * (height - len(strip.header)) + strip.header for strip in self.strips]
        return self.lines(cells, ["header"] * len(cells), paint)

    def row(self, number: int, style: str | None, paint: Paint) -> Iterator[str]:
        cells = [
            strip.lines(number, width)
            for strip, width in zip(self.strips, self.widths, strict=True)
        ]
        styles = [style or tone_of(strip.column, strip.cells[number]) for strip in self.strips]
        return self.lines(cells, styles, paint)


def table_lines(table: Table, width: int | None, paint: Paint) -> Iterator[str]:
    """The lines of a table's columns, without its title and its notes."""
    rows = [*table.rows, *([table.totals] if table.totals else [])]
    strips = [strip_of(column, rows) for column in table.columns]
    for number, block in enumerate(blocks(strips, table.keys, width)):
        if number:
            yield ""
        for tier in block:
            yield from (line for line in tier.header(paint) if line)
        for row in range(len(rows)):
            style = "bold" if row == len(table.rows) else None
            for tier in block:
                yield from (line for line in tier.row(row, style, paint) if line or len(block) == 1)


def strip_of(column: Column, rows: Sequence[Row]) -> Strip:
    header = list(map(visible, column.header_lines))
    cells = [column.cell(row) for row in rows]
    if column.wrap == "words":  # sentences have line breaks of their own
        cells = ["\n".join(map(visible, cell.split("\n"))) for cell in cells]
    else:
        cells = list(map(visible, cells))
    natural = max(cell_len(line) for text in (*header, *cells) for line in text.split("\n"))
    return Strip(column, header, cells, natural)


def tone_of(column: Column, cell: str) -> str | None:
    return column.tones.get(cell, column.tone)


def blocks(strips: Sequence[Strip], keys: int, width: int | None) -> list[list[Tier]]:
    """The blocks of a table, from top to bottom, and the tiers of each one's rows.

    `keys` is the number of first strips that name a row.
    """
    if width is None:
        return [[tier_of(strips, None)]]
    if total(strips) > width:
        strips = [strip for strip in strips if not strip.column.spare]
    if total(strips) <= width:
        return [[tier_of(strips, width)]]
    names, values = strips[:keys], strips[keys:]
    above = [tier_of(group, width) for group in groups(units(names, width), width)]
    if not values:
        return [above]
    beside, below = width - total(names) - GAP, width - INDENT
    together = units(values, below)
    if beside >= max(map(total, together)):
        return [[tier_of([*names, *group], width)] for group in groups(together, beside)]
    return [[*above, tier_of(group, below, INDENT)] for group in groups(together, below)]


def total(strips: Sequence[Strip]) -> int:
    """The least width of strips side by side."""
    return sum(strip.least for strip in strips) + GAP * (len(strips) - 1)


def units(strips: Sequence[Strip], room: int) -> list[list[Strip]]:
    """Strips that stay side by side: those without a header belong to the one before them, unless
    there is no room for both."""
    together: list[list[Strip]] = []
    for strip in strips:
        if together and not any(strip.header) and total([*together[-1], strip]) <= room:
            together[-1].append(strip)
        else:
            together.append([strip])
    return together


def groups(together: Sequence[Sequence[Strip]], room: int) -> Iterator[list[Strip]]:
    """As many units side by side as there is room for, at least one, then the next ones."""
    group: list[Strip] = []
    for unit in together:
        if group and total([*group, *unit]) > room:
            yield group
            group = []
        group.extend(unit)
    yield group


def tier_of(strips: Sequence[Strip], room: int | None, indent: int = 0) -> Tier:
    """Strips side by side; sentences share the room that is left, the shortest first."""
    if room is None:
        return Tier(strips, [strip.natural for strip in strips], indent)
    widths = {id(strip): strip.least for strip in strips}
    left = room - total(strips)
    growing = [strip for strip in strips if strip.column.wrap != "never"]
    growing.sort(key=lambda strip: strip.natural)
    for number, strip in enumerate(growing):
        more = max(0, min(strip.natural - strip.least, left // (len(growing) - number)))
        widths[id(strip)] += more
        left -= more
    return Tier(strips, [widths[id(strip)] for strip in strips], indent)


def padding(text: str, width: int, align: Literal["left", "right", "center"]) -> tuple[int, int]:
    """Columns to leave empty before and after a text."""
    space = max(0, width - cell_len(text))
    before = {"left": 0, "right": space, "center": space // 2}[align]
    return before, space - before
