"""`rnnbuild report`."""

from pathlib import Path
from typing import Annotated

import typer

from rnnbuild.cli.options import Format, FormatOption, examples

app = typer.Typer()


@app.command(
    epilog=examples(
        "rnnbuild report runs/latest", "rnnbuild report studies/languages-1 --output page.html"
    )
)
def report(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="RUN|STUDY", help="A run's, a study's or a search's folder, e.g. runs/latest."
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", metavar="FILE", help="The page; report.html in the folder by default."
        ),
    ] = None,
    form: FormatOption = Format.table,
) -> None:
    """Write one HTML page about a run or a study, which needs no network.

    Of a search it is about the study that compares its best trial with the config as given.
    """
    from rnnbuild.cli.output.tables import print_table
    from rnnbuild.formatting import size_text
    from rnnbuild.reports.file import write_page
    from rnnbuild.reports.run.page import page_of_run
    from rnnbuild.reports.study.page import page_of_study
    from rnnbuild.runs.directory import open_run
    from rnnbuild.runs.search.directory import SearchDirectory, last_confirmation
    from rnnbuild.runs.study.folders import is_study, open_study
    from rnnbuild.wording.table import Column, Table

    if SearchDirectory(path).began:
        made = page_of_study(last_confirmation(SearchDirectory(path)))
    else:
        made = page_of_study(open_study(path)) if is_study(path) else page_of_run(open_run(path))
    target = output or path / "report.html"
    size = write_page(target, made)
    columns = [Column("page", "page"), Column("bytes", "size", size_text, "right")]
    print_table(Table(columns, [{"page": str(target), "bytes": size}]), form)
