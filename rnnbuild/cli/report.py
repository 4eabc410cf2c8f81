"""`rnnbuild report`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rnnbuild.cli.options import Format, FormatOption, examples

if TYPE_CHECKING:
    from rnnbuild.reports.run.sample import Sample

app = typer.Typer()

SAMPLE_SEED, SAMPLE_LENGTH = 1, 600
"""Of the text that a language model writes for its page: always the same one."""


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
    page = page_of(paths, sample_of(paths))
    target = output or (paths[0] if len(paths) == 1 else Path()) / "report.html"
    rows = [{"file": str(target), "bytes": write_page(target, page)}]
    if plots is not None:
        with new_folder(plots, "--plots") as folder:
            sizes = write_plots(page, folder)
        rows += [{"file": str(plots / name), "bytes": size} for name, size in sizes.items()]
    columns = [Column("file", "file"), Column("bytes", "size", size_text, "right")]
    print_table(Table(columns, rows), form)


def sample_of(paths: Sequence[Path]) -> "Sample | None":
    """A text that the language model of a single run writes; None of anything else.

    Where none can be written, a note says why.
    """
    from rnnbuild.cli.loading import say
    from rnnbuild.errors import RunError
    from rnnbuild.export.opening import open_writer
    from rnnbuild.inference.generation.settings import text_settings
    from rnnbuild.reports.run.sample import Sample
    from rnnbuild.runs.directory import RunDirectory
    from rnnbuild.runs.facts_file import read_facts
    from rnnbuild.tasks.table import TASKS
    from rnnbuild.visible import command_text

    runs = [run for run in map(RunDirectory, paths) if run.began]
    if len(paths) > 1 or not runs or TASKS[read_facts(runs[0]).task].target != "next token":
        return None
    settings = text_settings(seed=SAMPLE_SEED, length=SAMPLE_LENGTH)
    try:
        writer, _ = open_writer(paths[0])
    except RunError as error:
        say([f"the page has no sample of text: {error.problems[0].message}"])
        return None
    options = "--seed", str(SAMPLE_SEED), "--length", str(SAMPLE_LENGTH)
    return Sample(
        "".join(writer.pieces("", settings)), command_text("generate", paths[0], *options)
    )
