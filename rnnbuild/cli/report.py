"""`rnnbuild report`."""

from pathlib import Path
from typing import Annotated

import typer

from rnnbuild.cli.options import Format, FormatOption, examples

app = typer.Typer()


@app.command(
    epilog=examples("rnnbuild report runs/latest", "rnnbuild report runs/latest --output page.html")
)
def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder, e.g. runs/latest.")],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", metavar="FILE", help="The page; report.html in the run's folder by default."
        ),
    ] = None,
    form: FormatOption = Format.table,
) -> None:
    """Write one HTML page about a run, which needs no network."""
    from rnnbuild.cli.output.tables import print_table
    from rnnbuild.formatting import size_text
    from rnnbuild.reports.file import write_page
    from rnnbuild.reports.run.page import page_of_run
    from rnnbuild.runs.directory import open_run
    from rnnbuild.wording.table import Column, Table

    opened = open_run(run)
    target = output or opened.path / "report.html"
    size = write_page(target, page_of_run(opened))
    columns = [Column("page", "page"), Column("bytes", "size", size_text, "right")]
    print_table(Table(columns, [{"page": str(target), "bytes": size}]), form)
