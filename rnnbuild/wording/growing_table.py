"""A table whose rows are printed as they come, below a header that was printed before them.

The widths of its columns follow from a row that is as wide as rows usually get. A wider cell moves
the rest of its row to the right.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from rnnbuild.visible import visible
from rnnbuild.wording.layout import Paint, Tier, strip_of, tone_of, total, unpainted
from rnnbuild.wording.prose import wrapped
from rnnbuild.wording.table import Column, Row


@dataclass(frozen=True)
class GrowingTable:
    """The columns that are shown, each with its width."""

    tier: Tier
    width: int | None
    """Columns of the screen; None where nothing is wrapped."""

    def header(self, paint: Paint) -> Iterator[str]:
        """The lines above the rows."""
        return self.tier.header(paint)

    def row(self, row: Row, paint: Paint) -> Iterator[str]:
        """One line, or several where a row is wider than the screen."""
        columns = [strip.column for strip in self.tier.strips]
        cells = [visible(column.cell(row)) for column in columns]
        (plain,) = self.tier.lines([[cell] for cell in cells], [None] * len(cells), unpainted)
        if self.width is not None and cell_len(plain) > self.width:
            return iter(wrapped(" ".join(filter(None, cells)), self.width, hanging="  "))
        styles = [tone_of(*pair) for pair in zip(columns, cells, strict=True)]
        return self.tier.lines([[cell] for cell in cells], styles, paint)


def growing_table(
    columns: Sequence[Column], widest: Row, width: int | None, spare: Sequence[str]
) -> GrowingTable:
    """A table in `width` columns of the screen.

    `widest` is a row with values as long as they usually get. Where not everything fits side by
    side, the columns of `spare` are left out, the first ones first.
    """
    strips = [strip_of(column, [widest]) for column in columns]
    for key in spare:
        if width is None or total(strips) <= width:
            break
        strips = [strip for strip in strips if strip.column.source != key]
    return GrowingTable(Tier(strips, [strip.natural for strip in strips]), width)
