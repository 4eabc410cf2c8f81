"""`rnnbuild tune`."""

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
    examples,
)

if TYPE_CHECKING:
    from rnnbuild.runs.search.directory import SearchDirectory

app = typer.Typer()

TRIALS = 20
"""Where the command line names no number."""
SEED = 1
CONFIRMING = 3


@app.command(
    epilog=examples(
        "rnnbuild tune languages --range units=16..256:log --choose cell=gru,lstm",
        "rnnbuild tune searches/languages-1 --trials 50",
    )
)
def tune(
    source: Annotated[
        str,
        typer.Argument(
            metavar="CONFIG|SEARCH",
            help="A YAML file or a bundled config; or a search's folder, to go on with it.",
            autocompletion=complete_config,
        ),
    ],
    ranges: Annotated[
        list[str],
        typer.Option(
            "--range",
            metavar="KEY=LOW..HIGH[:log][:step=N]",
            help="A range for a key: units=16..256:log.",
        ),
    ] = [],
    choices: Annotated[
        list[str],
        typer.Option(
            "--choose",
            metavar="KEY=A,B,C",
            help="Alternatives for a key: cell=gru,lstm. Where one of both is given, the config's "
            "own `search:` is not used.",
        ),
    ] = [],
    settings: SetOption = [],
    trials: Annotated[
        int | None, typer.Option(help=f"Number of trials; by default {TRIALS}.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help=f"Decides what is proposed; by default {SEED}.")
    ] = None,
    no_pruning: Annotated[
        bool,
        typer.Option(
            "--no-pruning",
            help="Train every trial to its end. Otherwise one ends early whose scores are worse "
            "than the median of others.",
        ),
    ] = False,
    confirm: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Compare the best trial with the config as given on so many new seeds, by default "
            f"{CONFIRMING}; 0 leaves it out.",
        ),
    ] = None,
    epochs: EpochsOption = None,
    steps: StepsOption = None,
    limit: Annotated[
        str | None,
        typer.Option("--for", metavar="TIME", help="Stop each trial after this time: 90s, 10m."),
    ] = None,
    workers: Annotated[
        int,
        typer.Option(
            min=1,
            help="Trials that are trained side by side. With more than one, what is proposed "
            "depends on which ends first.",
        ),
    ] = 1,
    data_dir: DataDirOption = None,
    directory: Annotated[
        Path | None,
        typer.Option("--dir", help="The search's folder, instead of searches/NAME-N."),
    ] = None,
    quiet: QuietOption = False,
    form: ProgressFormatOption = Format.table,
) -> None:
    """Search for good values of some keys, by validation scores, and confirm the best on test.

    Stopped or killed, the same command goes on where it was, and so does `rnnbuild tune SEARCH`.
    """
    from rnnbuild.cli.output.searched import print_searched
    from rnnbuild.cli.tune_run import finish_search

    given = Given(
        ranges, choices, settings, seed, no_pruning, epochs, steps, limit, data_dir, directory
    )
    if Path(source).is_dir():
        search = known_search(source, given)
    else:
        search, trials = begun_search(source, given, trials, confirm)
    searched = finish_search(search, trials, confirm, workers, quiet)
    print_searched(searched, form)
    if searched.confirmation is not None and searched.confirmation[1].failures:
        raise typer.Exit(1)


@dataclass(frozen=True)
class Given:
    """The options as typed that are settled when a search begins."""

    ranges: list[str]
    choices: list[str]
    settings: list[str]
    seed: int | None
    no_pruning: bool
    epochs: int | None
    steps: int | None
    limit: str | None
    data_dir: Path | None
    directory: Path | None


OPTIONS = {
    "--range": "ranges",
    "--choose": "choices",
    "--set": "settings",
    "--seed": "seed",
    "--no-pruning": "no_pruning",
    "--epochs": "epochs",
    "--steps": "steps",
    "--for": "limit",
    "--data-dir": "data_dir",
    "--dir": "directory",
}


def known_search(source: str, given: Given) -> "SearchDirectory":
    """A search that began. Raises ArgumentError for an option that was settled then."""
    from rnnbuild.errors import ArgumentError
    from rnnbuild.runs.planned_folder import open_folder
    from rnnbuild.runs.search.directory import SearchDirectory

    search = open_folder(SearchDirectory, Path(source))
    for option, name in OPTIONS.items():
        value = getattr(given, name)
        if value is not None and value != [] and value is not False:
            raise ArgumentError(
                f"`{option}` was settled when the search {source} began",
                "it can get more trials, by `--trials`; for anything else begin another search "
                "from its config",
            )
    return search


def begun_search(
    source: str, given: Given, trials: int | None, confirm: int | None
) -> tuple["SearchDirectory", int | None]:
    """A new search, or the same one if it began before, and the trials that it is to have.

    Raises ConfigError, DataError, ArgumentError, RunError.
    """
    from rnnbuild.cli.durations import seconds_of
    from rnnbuild.cli.loading import data_folder, short_settings, written_config
    from rnnbuild.config.load import checked
    from rnnbuild.config.ranges import parsed_range
    from rnnbuild.config.space import refuse_other_tokens, space_of
    from rnnbuild.config.variants import parsed_axis
    from rnnbuild.data.resolved import resolve_with_data
    from rnnbuild.errors import ArgumentError, every_result
    from rnnbuild.runs.search.search_file import read_search_plan
    from rnnbuild.studies.search_opening import (
        SearchRequest,
        begin_or_go_on_with_search,
        new_search,
    )
    from rnnbuild.training.setup.watched import need_validation, watching_of

    tree = written_config(
        source, given.settings, short_settings(epochs=given.epochs, steps=given.steps)
    )
    dimensions = every_result(
        *(lambda text=text: parsed_range(text) for text in given.ranges),
        *(lambda text=text: parsed_axis(text, "--choose") for text in given.choices),
    )
    space = space_of(tree, dimensions)
    config, folder = checked(space.base), data_folder(source, given.data_dir)
    if config.data is None:
        raise ArgumentError(
            "a search trains its trials, and the config names no data",
            "add `data: {dataset: languages}`",
        )
    resolved = resolve_with_data(config, folder)
    refuse_other_tokens(space, resolved.facts.task)
    need_validation(resolved, "search")
    best = watching_of(resolved).best
    new = new_search(
        SearchRequest(
            space=space,
            folder=folder,
            metric=best.name,
            higher_is_better=best.higher_is_better,
            trials=TRIALS if trials is None else trials,
            seed=SEED if given.seed is None else given.seed,
            pruning=not given.no_pruning,
            confirming=CONFIRMING if confirm is None else confirm,
            seconds=seconds_of(given.limit),
        )
    )
    search = begin_or_go_on_with_search(given.directory, new)
    # A search only grows by the command that began it: it may have got more trials since.
    return search, max(new.plan.trials, read_search_plan(search).trials)
