"""`rnnbuild report`."""

from pathlib import Path
from typing import Annotated

import typer

from rnnbuild.cli.options import Format, FormatOption, examples

app = typer.Typer()


@app.command(
    epilog=examples(
        "rnnbuild report runs/latest",
        "rnnbuild report runs/reviews-1 runs/reviews-2 --output both.html",
        "rnnbuild report studies/languages-1 --plots figures",
    )
)
def report(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="RUN|STUDY",
            help="Folders of runs, or of studies and searches: runs/latest, for example.",
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            metavar="FILE",
            help="The page; by default report.html in the folder, or here for several folders.",
        ),
    ] = None,
    plots: Annotated[
        Path | None,
        typer.Option(
            "--plots",
            metavar="FOLDER",
            help="Also write every plot as SVG, PNG and PDF, and every table as LaTeX, CSV and "
            "Markdown, into a new folder.",
        ),
    ] = None,
    form: FormatOption = Format.table,
) -> None:
    """Write one HTML page about runs or studies, which needs no network and no other file.

    Of a search it is about the study that compares its best trial with the config as given.
    """
    from rnnbuild.cli.output.tables import print_table
    from rnnbuild.export.new_folder import new_folder, refuse_existing
    from rnnbuild.formatting import size_text
    from rnnbuild.reports.file import write_page
    from rnnbuild.reports.page import page_of
    from rnnbuild.reports.plot_files import import_vl_convert, write_plots
    from rnnbuild.wording.table import Column, Table

    if plots is not None:
        import_vl_convert()
        refuse_existing(plots, "--plots")
    page = page_of(paths)
    target = output or (paths[0] if len(paths) == 1 else Path()) / "report.html"
    rows = [{"file": str(target), "bytes": write_page(target, page)}]
    if plots is not None:
        with new_folder(plots, "--plots") as folder:
            sizes = write_plots(page, folder)
        rows += [{"file": str(plots / name), "bytes": size} for name, size in sizes.items()]
    columns = [Column("file", "file"), Column("bytes", "size", size_text, "right")]
    print_table(Table(columns, rows), form)
