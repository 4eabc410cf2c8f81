"""All findings of a config's data."""

from pathlib import Path

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.kind.finding import Finding, failure, sentence
from rnnbuild.data.load import load_data
from rnnbuild.errors import DataError, Problem
from rnnbuild.tasks.facts import Task


def check(data: DataConfig, folder: Path, task: Task | None = None) -> tuple[Finding, ...]:
    """What is found; `folder` is what paths are relative to, `task` what the config states.

    Data that cannot be read or learned from is a failure for each thing that is wrong with it.
    """
    try:
        return tuple(load_data(data, folder, task).health())
    except DataError as error:
        return tuple(map(finding_of, error.problems))


def finding_of(problem: Problem) -> Finding:
    """What keeps the data from being read."""
    place = f"{problem.place}: " if problem.place else ""
    hint = problem.hint or "Mend the place that is named."
    figures = (
        {"file": problem.place.source, "line": problem.place.line, "column": problem.place.column}
        if problem.place
        else {}
    )
    return failure("reading", f"{place}{problem.message}.", sentence(hint), **figures)
