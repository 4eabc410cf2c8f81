"""`rnnbuild study`."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rnnbuild.cli.completion import complete_config
from rnnbuild.cli.options import (
    DataDirOption,
    EpochsOption,
    Format,
    ProgressFormatOption,
    QuietOption,
    SetOption,
    StepsOption,
    VaryOption,
    examples,
)

if TYPE_CHECKING:
    from rnnbuild.studies.opening import StudyRequest

app = typer.Typer()


@app.command(
    epilog=examples(
        "rnnbuild study languages --vary cell=gru,lstm --seeds 5",
        "rnnbuild study studies/languages-1",
    )
)
def study(
    source: Annotated[
        str,
        typer.Argument(
            metavar="CONFIG|STUDY",
            help="A YAML file or a bundled config to vary; or a study's folder, to go on with it.",
            autocompletion=complete_config,
        ),
    ],
    vary: VaryOption = [],
    settings: SetOption = [],
    seeds: Annotated[
        int | None,
        typer.Option(help="Number of seeds that every variant is trained with; by default 5."),
    ] = None,
    reference: Annotated[
        str | None,
        typer.Option(
            metavar="VARIANT",
            help="The variant to compare the others with, e.g. cell=gru; by default the config as "
            "it is given. `none` compares all pairs.",
        ),
    ] = None,
    margin: Annotated[
        float | None,
        typer.Option(
            metavar="DIFFERENCE",
            help="A smaller difference does not matter: as scores are printed, shares in points.",
        ),
    ] = None,
    equal_parameters: Annotated[
        str | None,
        typer.Option(
            metavar="N|first",
            help="Choose `units` so that each variant is as close as possible to N parameters, or "
            "to those of the first.",
        ),
    ] = None,
    epochs: EpochsOption = None,
    steps: StepsOption = None,
    limit: Annotated[
        str | None,
        typer.Option("--for", metavar="TIME", help="Stop each run after this time: 90s, 10m."),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Processes that train side by side; by default one per CPU."),
    ] = None,
    threads: Annotated[
        int | None,
        typer.Option(
            min=1, max=1024, help="CPU threads of each; by default CPUs are divided among them."
        ),
    ] = None,
    ray: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Train on the nodes of a Ray cluster: its address, or `auto`. Needs the extra "
            "`ray`; by default a worker has one thread there.",
        ),
    ] = None,
    data_dir: DataDirOption = None,
    directory: Annotated[
        Path | None,
        typer.Option("--dir", help="The study's folder, instead of studies/NAME-N."),
    ] = None,
    quiet: QuietOption = False,
    form: ProgressFormatOption = Format.table,
) -> None:
    """Train variants with several seeds each, and say which is better and how sure that is.

    Stopped or killed, the same command goes on where it was, and so does `rnnbuild study STUDY`.
    """
    from rnnbuild.cli.output.findings import print_findings
    from rnnbuild.cli.staff import Staff
    from rnnbuild.cli.study_run import finish_study, going_on, grown, started

    given = Given(
        vary, settings, seeds, reference, margin, equal_parameters, epochs, steps, limit, data_dir
    )
    staff = Staff(workers, threads, ray)
    if Path(source).is_dir():
        refuse_for_known(source, given, directory)
        opened, more = going_on(Path(source), vary)
        results = finish_study(opened, lambda plan: grown(opened, plan, more, seeds), staff, quiet)
    else:
        opened = started(request_of(source, given), directory, quiet)
        results = finish_study(opened, lambda plan: plan, staff, quiet)
    print_findings(opened.path, results, form)
    if results.failures:
        raise typer.Exit(1)


@dataclass(frozen=True)
class Given:
    """The options as typed that say what a study is."""

    vary: list[str]
    settings: list[str]
    seeds: int | None
    reference: str | None
    margin: float | None
    equal_parameters: str | None
    epochs: int | None
    steps: int | None
    limit: str | None
    data_dir: Path | None


def refuse_for_known(source: str, given: Given, directory: Path | None) -> None:
    """Raises ArgumentError for an option that a study has settled when it began."""
    from rnnbuild.errors import ArgumentError

    settled = {
        "--set": given.settings,
        "--reference": given.reference,
        "--margin": given.margin,
        "--equal-parameters": given.equal_parameters,
        "--epochs": given.epochs,
        "--steps": given.steps,
        "--for": given.limit,
        "--data-dir": given.data_dir,
        "--dir": directory,
    }
    for option, value in settled.items():
        if value not in (None, []):
            raise ArgumentError(
                f"`{option}` was settled when the study {source} began",
                "it can get more variants and seeds, by `--vary` and `--seeds`; for anything else "
                "begin another study from its config",
            )


def request_of(source: str, given: Given) -> "StudyRequest":
    """What is asked for, checked as far as it can be without the variants."""
    from rnnbuild.cli.compare import parsed_budget
    from rnnbuild.cli.durations import seconds_of
    from rnnbuild.cli.loading import data_folder, short_settings, written_config
    from rnnbuild.config.variants import parsed_axis, variants_of
    from rnnbuild.data.resolved import resolve_with_data
    from rnnbuild.errors import ArgumentError
    from rnnbuild.studies.opening import SEEDS, StudyRequest

    if given.margin is not None and not 0 < given.margin < float("inf"):
        raise ArgumentError(
            f"--margin must be a number above 0, found {given.margin}",
            "a difference below it does not matter to you: `--margin 0.5`",
        )
    tree = written_config(
        source, given.settings, short_settings(epochs=given.epochs, steps=given.steps)
    )
    axes = tuple(parsed_axis(text) for text in given.vary)
    folder = data_folder(source, given.data_dir)

    def parameters_of_first() -> int:
        from rnnbuild.analysis.cost import cost_of

        return cost_of(resolve_with_data(variants_of(tree, axes)[0].config, folder)).parameters

    budget = given.equal_parameters and parsed_budget(given.equal_parameters, parameters_of_first)
    return StudyRequest(
        tree=tree,
        axes=axes,
        seeds=SEEDS if given.seeds is None else given.seeds,
        folder=folder,
        reference=given.reference,
        margin=given.margin,
        seconds=seconds_of(given.limit),
        budget=budget or None,
    )
