"""`rnnbuild evaluate`."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from rnnbuild.cli.options import DataDirOption, Format, FormatOption, ReadingOption, examples

app = typer.Typer()


@app.command(
    epilog=examples(
        "rnnbuild evaluate runs/latest --format markdown > report.md",
        "rnnbuild evaluate runs/latest --data more.csv",
    )
)
def evaluate(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder, e.g. runs/latest.")],
    file: Annotated[
        Path | None,
        typer.Option(
            "--data", metavar="FILE", help="Labelled rows to score instead of the run's own."
        ),
    ] = None,
    split: Annotated[
        Literal["train", "validation", "test"] | None,
        typer.Option(
            help="Which of the run's own rows to score; test by default, validation where there "
            "are none."
        ),
    ] = None,
    settings: ReadingOption = [],
    data_dir: DataDirOption = None,
    form: FormatOption = Format.table,
) -> None:
    """Score a trained run beside trivial answers, with intervals, and show its mistakes."""
    from rnnbuild.cli.loading import hints_as_settings, reading_settings, say
    from rnnbuild.cli.output.progress import progress
    from rnnbuild.cli.output.scores import print_evaluation
    from rnnbuild.errors import ArgumentError
    from rnnbuild.inference.run_data import data_of_run
    from rnnbuild.models.loading import load_frameworks
    from rnnbuild.runs.config_file import config_of_run
    from rnnbuild.runs.directory import open_run
    from rnnbuild.visible import command_text

    if file is not None and split is not None:
        raise ArgumentError(
            "--data and --split cannot be combined: --split selects rows of the run's own data",
            "leave one of them out",
        )
    if settings and file is None:
        raise ArgumentError(
            "--set says how the file of --data is read, and there is none",
            "name it: --data FILE",
        )
    trained = open_run(run)
    with hints_as_settings():
        data = data_of_run(trained, file, data_dir, reading_settings(settings))
    folds = config_of_run(trained).data if file is None else None
    out_of_fold = folds is not None and folds.folds is not None and split in (None, "test")
    name = split or ("test" if len(data.test) or not len(data.validation) else "validation")
    rows = len(data.split(name))
    if out_of_fold:
        name, rows = "test", data.facts.rows[2]
    if not rows:
        raise ArgumentError(f"{run} has no {name} rows", "score others: --data FILE")
    if file is not None:
        say([note for note in data.notes if note.startswith("test:")])

    load_frameworks()
    from rnnbuild.training.out_of_fold import evaluate_out_of_fold
    from rnnbuild.training.scoring import score_run

    remarks: list[str] = []
    with progress(rows, f"scoring {rows:,} rows") as advance:
        if out_of_fold:
            evaluation = evaluate_out_of_fold(trained, data, advance, remarks.append, data_dir)
        else:
            record = file is None
            evaluation = score_run(trained, data, name, advance, remarks.append, record)
    say(remarks)
    source = {"run": str(run), "data": str(file) if file else None}
    print_evaluation(evaluation, name, form, source)
    if form is Format.table and file is None:
        print(f"\nreport  {command_text('report', run)}")
