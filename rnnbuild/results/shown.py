"""Results as text and as HTML, from the same tables."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape

from rnnbuild.reports.html import environment
from rnnbuild.visible import visible, visible_lines
from rnnbuild.wording.layout import table_lines, unpainted
from rnnbuild.wording.prose import wrapped
from rnnbuild.wording.table import Table

WIDTH = 100
"""Columns of a result as text: consoles and notebooks rarely have fewer."""


class Shown(ABC):
    """A result that shows itself: `repr` is its text, and a notebook shows its HTML."""

    __slots__ = ()

    @abstractmethod
    def shown(self) -> Sequence[Table | str]:
        """What it consists of, in order: tables, and texts whose lines are laid out already."""

    def __repr__(self) -> str:
        return "\n\n".join("\n".join(lines_of(part)) for part in self.shown())

    def _repr_html_(self) -> str:
        """The same for a notebook (IPython's protocol for rich display)."""
        return "\n".join(map(html_of, self.shown()))


def lines_of(part: Table | str) -> Iterator[str]:
    """A part as lines of text."""
    if isinstance(part, str):
        yield visible_lines(part)
        return
    if part.title:
        yield from wrapped(visible(part.title), WIDTH)
    yield from table_lines(part, WIDTH, unpainted)
    for note in part.notes:
        yield ""
        yield from wrapped(visible(note), WIDTH)


def html_of(part: Table | str) -> str:
    """A part as HTML, in which everything it contains is text."""
    if isinstance(part, str):
        return str(Markup("<pre>{}</pre>").format(escape(visible_lines(part))))
    grid = environment().get_template("blocks/grid.html").module
    return str(grid.grid(part, part.title))  # type: ignore[attr-defined]
