"""Tables in LaTeX, with the rules of booktabs."""

from collections.abc import Iterable, Iterator, Sequence

from rnnbuild.visible import visible
from rnnbuild.wording.table import Column, Row, Table

ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "−": r"$-$",
    "×": r"$\times$",
    "–": "--",
    "→": r"$\rightarrow$",
}
ALIGN = {"left": "l", "right": "r", "center": "c"}


def latex_lines(table: Table) -> Iterator[str]:
    r"""The lines of a `table` environment; it needs `\usepackage{booktabs}`."""
    yield r"\begin{table}"
    yield r"\centering"
    if table.title:
        yield rf"\caption{{{latex(table.title)}}}"
    yield rf"\begin{{tabular}}{{{''.join(ALIGN[column.align] for column in table.columns)}}}"
    yield r"\toprule"
    yield line(latex(" ".join(column.header_lines)) for column in table.columns)
    yield r"\midrule"
    yield from (line(cells(table.columns, row)) for row in table.rows)
    if table.totals:
        yield r"\midrule"
        yield line(cells(table.columns, table.totals))
    yield r"\bottomrule"
    yield r"\end{tabular}"
    for note in table.notes:
        yield rf"\par\smallskip {latex(note)}"
    yield r"\end{table}"


def cells(columns: Sequence[Column], row: Row) -> Iterator[str]:
    """The texts of a row, each on one line."""
    for column in columns:
        yield latex(" ".join(column.cell(row).split()))


def line(texts: Iterable[str]) -> str:
    """A row of a tabular."""
    return f"{' & '.join(texts)} \\\\"


def latex(text: str) -> str:
    """A text in which nothing is a command."""
    return "".join(ESCAPES.get(character, character) for character in visible(text))
