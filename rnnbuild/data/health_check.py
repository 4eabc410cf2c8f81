"""All findings on a config's data."""

from pathlib import Path

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.config.schema.training import TrainingConfig
from rnnbuild.data.kind.codec import Codec
from rnnbuild.data.kind.finding import Finding, failure, sentence, unchecked
from rnnbuild.data.load import load_data
from rnnbuild.errors import DataError, Problem
from rnnbuild.tasks.facts import Task


def check(
    data: DataConfig,
    folder: Path,
    task: Task | None = None,
    training: TrainingConfig | None = None,
    known: Codec | None = None,
) -> tuple[Finding, ...]:
    """The findings; paths are relative to `folder`; `task` and `training` are the config's, if
    stated; for `known` see `load_data`.

    Data that cannot be read or learned from gives a failure for each thing that is wrong with it.
    """
    try:
        loaded = load_data(data, folder, task, known=known)
        batch_size = (training or TrainingConfig()).batch_size
        return (*loaded.health(), *loaded.health_of_batches(batch_size))
    except DataError as error:
        alone = len(error.problems) == 1
        remedy = "fix it at this place" if alone else ""
        because = "the data cannot be read or learned from as it is"
        failures = (finding_of(problem, remedy) for problem in error.problems)
        return (*failures, unchecked("all else", because))


def finding_of(problem: Problem, remedy: str = "fix it at this place") -> Finding:
    """The failure for a problem that prevents the data from being read.

    `remedy` is for a problem without a hint: one of several has that of the last.
    """
    place = f"{problem.place}: " if problem.place else ""
    figures = (
        {"file": problem.place.source, "line": problem.place.line, "column": problem.place.column}
        if problem.place
        else {}
    )
    hint = problem.hint or remedy
    reason = f"{place}{problem.message}."
    return failure("reading", reason, sentence(hint) if hint else "", **figures)
