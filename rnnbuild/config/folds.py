"""What `data.split.folds` cannot be combined with."""

from collections.abc import Iterator

from rnnbuild.config.places import Path, Places
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.errors import Problem
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.table import TASKS

IN_ORDER = "keep a part of its end: `data.split: {validation: 0.1, test: 0.2}`"


def fold_contradictions(places: Places, data: DataConfig, task: Task | None) -> Iterator[Problem]:
    """Problems of the folds of a config, as far as they show without its data."""
    split = data.split
    if split is None or (split.folds is None and split.fold is None):
        return

    def problem(path: Path, message: str, hint: str) -> Problem:
        return Problem(message, places.of_key(("data", "split", *path)), hint)

    if split.folds is None:
        yield problem(
            ("fold",),
            "`fold` is one of `folds`, and their number is not stated",
            "add it: `split: {folds: 5, fold: 1}`, or leave `fold` out",
        )
        return
    if split.fold is not None and split.fold > split.folds:
        yield problem(
            ("fold",),
            f"there is no fold {split.fold}: `folds` is {split.folds}",
            f"state 1 to {split.folds}, or leave `fold` out to test on each",
        )
    if data.test is not None:
        yield problem(
            ("folds",),
            "`folds` and `data.test` exclude each other: both say which rows are tested",
            "leave `split.folds` out to test on that file",
        )
    traits = None if task is None else TASKS[task]
    if data.is_series or (traits is not None and traits.target == "numbers"):
        yield problem(("folds",), *in_order("a series", "values"))
    elif traits is not None and traits.goes_on_with_text:
        yield problem(("folds",), *in_order("running text", "text"))


def in_order(what: str, parts: str) -> tuple[str, str]:
    """Why data that goes on from row to row has no folds, and what to do instead."""
    return (
        f"{what} has no folds: a model would be trained on {parts} after those it is tested on",
        IN_ORDER,
    )
