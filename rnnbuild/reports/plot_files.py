"""The plots of a page as SVG, PNG and PDF, its tables as LaTeX, CSV and Markdown.

Plots are drawn by vl-convert, which needs no browser, from the specifications that the page has.
"""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from rnnbuild.dependencies import why_not_importable
from rnnbuild.errors import MissingExtraError
from rnnbuild.reports.blocks import Figure, Page, Spec
from rnnbuild.reports.html import readable_in
from rnnbuild.reports.style import FILE_CONFIG
from rnnbuild.wording.latex import latex_lines
from rnnbuild.wording.markdown import markdown_lines
from rnnbuild.wording.table import Table

VEGA_LITE = "6.4"
"""The version of specifications that vl-convert is asked to draw; that of pages."""
WIDTH, SCALE = 640, 2
"""Pixels of a plot, and those of a PNG for each of them."""
CHARACTER, SYMBOL = 7, 34
"""Pixels of a letter in a legend, and of what stands before a name."""


def import_vl_convert() -> Any:
    """Raises MissingExtraError where vl-convert cannot be imported."""
    reason = why_not_importable("vl_convert")
    if reason is not None:
        raise MissingExtraError(
            f"`--plots` needs vl-convert, which cannot be imported ({reason})",
            hint='install it: pip install "rnnbuild[plots]"',
        )
    import vl_convert

    return vl_convert


def write_plots(page: Page, folder: Path) -> dict[str, int]:
    """Write every plot and table of a page into a folder; the bytes of each file.

    Raises MissingExtraError, OSError.
    """
    converter = import_vl_convert()
    sizes = {}
    for figure in page.figures:
        spec = json.dumps(readable_in(file_spec(figure)), allow_nan=False)
        svg = converter.vegalite_to_svg(spec, vl_version=VEGA_LITE)
        contents = {
            "svg": svg.encode("utf-8"),
            "png": converter.svg_to_png(svg, scale=SCALE),
            "pdf": converter.svg_to_pdf(svg),
        }
        for ending, content in contents.items():
            sizes[f"{figure.name}.{ending}"] = write(folder, f"{figure.name}.{ending}", content)
    for name, table in tables_of(page):
        for ending, text in table_texts(table).items():
            sizes[f"{name}.{ending}"] = write(folder, f"{name}.{ending}", text.encode("utf-8"))
    return sizes


def write(folder: Path, name: str, content: bytes) -> int:
    """Write a file; its bytes. Raises OSError."""
    return (folder / name).write_bytes(content)


def tables_of(page: Page) -> Iterator[tuple[str, Table]]:
    """Every table with a name: those of the page, then those behind its plots."""
    known: list[Table] = []
    named = [
        *((f"table-{block.name}", block.table) for block in page.tables),
        *((f"table-{figure.name}", titled(figure)) for figure in page.figures),
    ]
    for name, table in named:
        if not any(table.rows == other.rows for other in known):
            known.append(table)
            yield name, table


def titled(figure: Figure) -> Table:
    """The table behind a figure, with the figure's title if it has none."""
    return figure.table if figure.table.title else replace(figure.table, title=figure.title)


def table_texts(table: Table) -> dict[str, str]:
    """A table in every format, by the ending of its file."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(table.csv_rows)
    return {
        "tex": "\n".join(latex_lines(table)) + "\n",
        "csv": stream.getvalue(),
        "md": "\n".join(markdown_lines(table)) + "\n",
    }


def file_spec(figure: Figure) -> Spec:
    """A figure's specification as a file needs it: of a fixed width, with a legend."""
    spec: Spec = {**figure.spec, "width": WIDTH, "config": FILE_CONFIG}
    if figure.legend:
        spec["layer"] = [*spec["layer"], legend_layer(figure)]
    return spec


def legend_layer(figure: Figure) -> Spec:
    """Points that are not seen, whose colours have names."""
    # With a space, since Vega-Lite takes equal domains for one legend, which the lines have not.
    names = [f"{name} " for name, _ in figure.legend]
    widest = CHARACTER * max(map(len, names)) + SYMBOL
    return {
        "data": {"values": [{"name": name} for name in names]},
        "mark": {"type": "point", "opacity": 0},
        "encoding": {
            "x": None,
            "y": None,
            "color": {"value": None},
            "tooltip": None,
            "fill": {
                "field": "name",
                "type": "nominal",
                "scale": {
                    "domain": names,
                    "range": [{"expr": role} for _, role in figure.legend],
                },
                "legend": {
                    "columns": max(1, WIDTH // widest),
                    "symbolOpacity": 1,
                    "symbolStrokeWidth": 0,
                },
            },
        },
    }
