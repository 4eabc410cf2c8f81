"""All findings on a config's data."""

from pathlib import Path

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.kind.finding import Finding, failure, sentence, unchecked
from rnnbuild.data.load import load_data
from rnnbuild.errors import DataError, Problem
from rnnbuild.tasks.facts import Task


def check(data: DataConfig, folder: Path, task: Task | None = None) -> tuple[Finding, ...]:
    """The findings; paths are relative to `folder`, and `task` is the config's, if stated.

    Data that cannot be read or learned from gives a failure for each thing that is wrong with it.
    """
    try:
        return tuple(load_data(data, folder, task).health())
    except DataError as error:
        because = "the data cannot be read or learned from as it is"
        return (*map(finding_of, error.problems), unchecked("all else", because))


def finding_of(problem: Problem) -> Finding:
    """The failure for a problem that prevents the data from being read."""
    place = f"{problem.place}: " if problem.place else ""
    hint = problem.hint or "Fix it at this place."
    figures = (
        {"file": problem.place.source, "line": problem.place.line, "column": problem.place.column}
        if problem.place
        else {}
    )
    return failure("reading", f"{place}{problem.message}.", sentence(hint), **figures)
