"""`rnnbuild resume`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from rnnbuild.cli.options import (
    DataDirOption,
    EpochsOption,
    Format,
    ForOption,
    ProgressFormatOption,
    QuietOption,
    SetOption,
    StepsOption,
    examples,
)

app = typer.Typer()


@app.command(epilog=examples("rnnbuild resume runs/latest --epochs 20"))
def resume(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder, e.g. runs/latest.")],
    epochs: EpochsOption = None,
    steps: StepsOption = None,
    limit: ForOption = None,
    config: Annotated[
        str | None, typer.Option(help="A changed config to use instead of the run's own.")
    ] = None,
    settings: SetOption = [],
    accept_changes: Annotated[
        bool,
        typer.Option("--accept-changes", help="Continue although config, data or machine changed."),
    ] = False,
    data_dir: DataDirOption = None,
    quiet: QuietOption = False,
    form: ProgressFormatOption = Format.table,
) -> None:
    """Continue a run as if it had never been interrupted, or train it for longer."""
    from rnnbuild.cli.durations import seconds_of
    from rnnbuild.cli.loading import checked_config, data_folder
    from rnnbuild.cli.output.doing import doing
    from rnnbuild.models.loading import load_frameworks
    from rnnbuild.runs.adopted_file import refuse_to_resume
    from rnnbuild.runs.config_file import written_config_of_run
    from rnnbuild.runs.data_file import read_data
    from rnnbuild.runs.directory import locked, open_run_to_resume
    from rnnbuild.training.setup.prepare import prepare

    seconds = seconds_of(limit)
    # `latest` may point elsewhere by the time the run ends.
    resumed = open_run_to_resume(run.parent / run.readlink() if run.is_symlink() else run)
    refuse_to_resume(resumed)
    written = config or written_config_of_run(resumed)
    chosen = checked_config(
        written, settings, accepts_idle=config is None, epochs=epochs, steps=steps
    )
    if config is None and data_dir is None:
        folder = Path(read_data(resumed).folder)
    else:
        folder = data_folder(config or str(resumed.config), data_dir)

    with locked(resumed):
        with doing("reading and encoding the data", not quiet):
            prepared = prepare(chosen, folder, begun=resumed)
        with doing("loading TensorFlow", not quiet):
            load_frameworks()
            from rnnbuild.training.folds import resume_whole
            from rnnbuild.training.resume import ResumeRequest

        from rnnbuild.cli.output.display import display, goal_of
        from rnnbuild.cli.output.scores import print_outcome

        wish = ResumeRequest(chosen, folder, seconds, accept_changes, tuple(sys.argv))
        with display(goal_of(prepared, seconds), quiet) as observer:
            outcome = resume_whole(resumed, wish, prepared, observer)
    print_outcome(outcome.run.path, outcome.metrics, form, outcome.longer)
