"""`rnnbuild check`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from rnnbuild.cli.options import (
    ConfigsArgument,
    DataDirOption,
    Format,
    FormatOption,
    SetOption,
    examples,
)
from rnnbuild.errors import ConfigError, Problem, RequestError

if TYPE_CHECKING:
    from rnnbuild.config.schema import Config
    from rnnbuild.config.schema.data import DataConfig
    from rnnbuild.config.space import Space
    from rnnbuild.config.yaml_tree import Tree

T = TypeVar("T")

app = typer.Typer()


@dataclass(frozen=True)
class Verdict:
    """The result for one config."""

    config: str
    variants: int
    """Number of configs that its `variants:` section describes; 1 without one."""
    problems: tuple[Problem, ...]
    notes: tuple[str, ...] = ()
    """What was not looked at."""


@app.command(epilog=examples("rnnbuild check config.yaml"))
def check(
    configs: ConfigsArgument,
    settings: SetOption = [],
    data_dir: DataDirOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print only problems.")] = False,
    form: FormatOption = Format.table,
) -> None:
    """Report every problem at once: in keys and values, in variants and what is searched, in the
    data, in all that `train` needs.

    Exit code 0 without problems, 2 with any.
    """
    from rnnbuild.cli.loading import say

    verdicts = [verdict_of(name, settings, data_dir) for name in configs]
    problems = [problem for verdict in verdicts for problem in verdict.problems]
    if form is not Format.table:
        print_verdicts(verdicts, form)
        raise typer.Exit(2 if problems else 0)
    valid = [verdict for verdict in verdicts if not verdict.problems]
    if valid and not quiet:
        print_verdicts(valid, form)
        say([f"{verdict.config}: {note}" for verdict in valid for note in verdict.notes])
    if problems:
        raise ConfigError(problems)


def verdict_of(name: str, settings: list[str], data_dir: Path | None) -> Verdict:
    """All problems of one config, each once; every stage is checked even if another fails."""
    from rnnbuild.cli.loading import data_folder, written_config
    from rnnbuild.config.load import checked
    from rnnbuild.config.space import space_of
    from rnnbuild.config.variants import variants_of

    errors: list[RequestError] = []
    notes: dict[str, None] = {}

    def attempt(stage: Callable[[], T]) -> T | None:
        try:
            return stage()
        except RequestError as error:
            errors.append(error)
            return None

    tree = attempt(lambda: written_config(name, settings))
    if tree is None:
        return Verdict(name, 1, in_file_order(errors))
    folder = data_folder(name, data_dir)
    config = attempt(lambda: checked(tree))
    variants = attempt(lambda: variants_of(tree)) or []
    for whole in [config, *(variant.config for variant in variants)]:
        if whole is not None:
            notes |= dict.fromkeys(attempt(partial(checked_whole, whole, folder)) or [])
    if config is not None and config.search:
        space = attempt(lambda: space_of(tree))
        if space is not None and config.data is not None:
            attempt(partial(refuse_incomparable, space, config, folder))
    if config is None and (data := data_alone(tree)) is not None:
        attempt(partial(facts_of_data, data, folder))
    return Verdict(name, max(1, len(variants)), in_file_order(errors), tuple(notes))


def refuse_incomparable(space: Space, config: Config, folder: Path) -> None:
    """Raises RequestError where trials of a search could not be compared."""
    from rnnbuild.config.space import refuse_other_tokens
    from rnnbuild.data.resolved import resolve_with_data

    refuse_other_tokens(space, resolve_with_data(config, folder).facts.task)


def checked_whole(config: Config, folder: Path) -> list[str]:
    """Notes on what was not looked at in a config that is valid by itself.

    Raises RequestError with every problem that training it would meet.
    """
    from rnnbuild.data.resolved import resolve_with_data

    if config.data is None:
        resolve_with_data(config, folder)
        return ["without `data` nothing can be trained: only what can be explained was checked"]
    from rnnbuild.training.setup.requirements import refuse_untrainable  # NumPy takes 0.1 s

    return refuse_untrainable(config, folder)


def data_alone(tree: Tree) -> DataConfig | None:
    """The `data` section of a config that is invalid elsewhere; None if `data` is invalid too."""
    from pydantic import ValidationError

    from rnnbuild.config.consistency import contradictions_among
    from rnnbuild.config.schema.data import DataConfig
    from rnnbuild.tasks.table import TASKS

    try:
        data = DataConfig.model_validate(tree.value.get("data"))
    except ValidationError:
        return None
    data.written_at(tree.places)
    # Keys that contradict each other would be read to nonsense.
    stated = tree.value.get("task")
    task = next((name for name in TASKS if name == stated), None)
    contradictory = contradictions_among([(("data",), data)], task, tree.places)
    return None if contradictory else data


def facts_of_data(data: DataConfig, folder: Path) -> None:
    """Read the data. Raises DataError where it cannot be used."""
    from rnnbuild.data.facts import facts_of

    if data.dataset or data.train:
        facts_of(data, folder)


def in_file_order(errors: Sequence[RequestError]) -> tuple[Problem, ...]:
    """The errors' problems, each once: file by file, as first met, and by line and column.

    One without a place stays behind the problem that its error reports before it, as the number of
    further lines behind the first few.
    """
    files: dict[str, int] = {}
    places: dict[Problem, tuple[int, int, int]] = {}
    for error in errors:
        place = (0, 0, 0)
        for problem in error.problems:
            if problem.place:
                file = files.setdefault(problem.place.source, len(files))
                place = (file, problem.place.line, problem.place.column)
            places.setdefault(problem, place)
    return tuple(sorted(places, key=places.__getitem__))


def print_verdicts(verdicts: list[Verdict], form: Format) -> None:
    """Print a row for each problem, and one for each config that has none."""
    from rnnbuild.cli.output.tables import print_table
    from rnnbuild.wording.table import Column, Table

    if form is Format.table:
        columns = [
            Column("config", "config"),
            Column("variants", "variants", align="right"),
            Column("verdict", "", lambda _: "no problems", tone="good"),
        ]
        rows: list[dict[str, Any]] = [asdict(verdict) for verdict in verdicts]
        return print_table(Table(columns, rows), form)
    keys = ("config", "line", "column", "message", "hint")
    rows = [row for verdict in verdicts for row in rows_of(verdict)]
    document = [
        {
            "config": verdict.config,
            "variants": verdict.variants,
            "ok": not verdict.problems,
            "problems": [asdict(problem) for problem in verdict.problems],
            "notes": list(verdict.notes),
        }
        for verdict in verdicts
    ]
    columns = [Column(key, key) for key in keys]
    return print_table(Table(columns, rows, document=document), form)


def rows_of(verdict: Verdict) -> list[dict[str, Any]]:
    """The problems of one config as rows."""
    return [
        {
            "config": problem.place.source if problem.place else verdict.config,
            "line": problem.place.line if problem.place else None,
            "column": problem.place.column if problem.place else None,
            "message": problem.message,
            "hint": problem.hint,
        }
        for problem in verdict.problems
    ] or [{"config": verdict.config, "message": "no problems"}]
