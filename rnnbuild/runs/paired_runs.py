"""Trained runs side by side, compared with the first of them on the same rows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from rnnbuild.errors import ArgumentError, Problem, RunError
from rnnbuild.formatting import first_few
from rnnbuild.metrics.holm import holm
from rnnbuild.metrics.metric import Array, Metric
from rnnbuild.metrics.paired_examples import PairedExamples, paired_examples
from rnnbuild.metrics.scoring import Tables, select
from rnnbuild.runs.answer_tables import metrics_and_tables
from rnnbuild.runs.answers_file import NumberAnswers, PassageAnswers, SplitAnswers, read_answers
from rnnbuild.runs.comparison import Keys, ListedRun, differences, listed_run
from rnnbuild.runs.differing_rows import DifferingRows, better_rows
from rnnbuild.runs.directory import RunDirectory, open_run
from rnnbuild.runs.metrics_file import Metrics, Split, read_metrics
from rnnbuild.runs.other_tokens import TextScores, other_tokens_error
from rnnbuild.visible import command_text

LEVEL = 0.05
"""Probability of calling a difference of a metric one, at most, if there is none in truth."""

Verdict = Literal["better", "worse", "inconclusive"]


@dataclass(frozen=True)
class ScoredRun:
    """A finished run, and its answers to the rows of a split."""

    run: RunDirectory
    listed: ListedRun
    metrics: Metrics
    answers: SplitAnswers

    @property
    def path(self) -> str:
        return str(self.run.path)


@dataclass(frozen=True, kw_only=True)
class MetricDifference:
    """How much better a run is than the first, by one metric."""

    examples: PairedExamples
    p: float | None
    """Adjusted by Holm for all runs that are compared with the first."""
    verdict: Verdict


@dataclass(frozen=True, kw_only=True)
class RunDifference:
    """A run beside the first one, by every metric and row by row."""

    run: str
    by_metric: Mapping[str, MetricDifference]
    better: DifferingRows
    """Rows that it answers correctly, and the first run does not."""
    worse: DifferingRows
    """Rows that the first run answers correctly, and it does not."""


@dataclass(frozen=True, kw_only=True)
class PairedRuns:
    """Runs that were scored on the same rows of the same split."""

    runs: tuple[ScoredRun, ...]
    settings: tuple[Keys, ...]
    """The keys in which their configs differ, of each run."""
    split: Split
    metrics: tuple[Metric[Any], ...]
    """The main one first."""
    compared: int
    """Rows by which they are compared: all of the split, or a sample."""
    differences: tuple[RunDifference, ...]
    """Of each run but the first."""

    @property
    def count(self) -> int:
        """Rows of the split."""
        return self.runs[0].answers.count


def paired_runs(paths: Sequence[Path]) -> PairedRuns:
    """Two runs or more, compared with the first.

    Raises RunError where one is not finished, has no record of its answers, or has other rows than
    the first; ArgumentError where there are fewer, or one is given twice.
    """
    runs = scored_runs(refuse_repeated([open_run(path) for path in paths]))
    first, *others = runs
    places = same_rows(runs)
    metrics = metrics_of_all(runs)
    tables = [tables_of(run, rows) for run, rows in zip(runs, places, strict=True)]
    reach = reach_of(first.answers)
    pairs = [paired_examples(metrics, each, tables[0], reach) for each in tables[1:]]
    return PairedRuns(
        runs=tuple(runs),
        settings=tuple(differences([run.listed for run in runs])),
        split=first.answers.split,
        metrics=metrics,
        compared=len(places[0]),
        differences=tuple(
            RunDifference(
                run=run.path,
                by_metric=by_metric,
                better=better_rows(run.answers, first.answers, (rows, places[0])),
                worse=better_rows(first.answers, run.answers, (places[0], rows)),
            )
            for run, rows, by_metric in zip(others, places[1:], with_verdicts(pairs), strict=True)
        ),
    )


def refuse_repeated(runs: Sequence[RunDirectory]) -> Sequence[RunDirectory]:
    """The runs. Raises ArgumentError where there is one alone, or a folder is given twice."""
    if len(runs) < 2:
        raise ArgumentError(
            f"{runs[0].path} is one run: there is nothing to compare it with",
            f"name another one; `{command_text('runs', runs[0].path)}` shows all about one",
        )
    seen: dict[Path, RunDirectory] = {}
    for run in runs:
        other = seen.setdefault(run.path.resolve(), run)
        if other is not run:
            raise ArgumentError(f"{run.path} is the same run as {other.path}", "name another one")
    return runs


def scored_runs(runs: Sequence[RunDirectory]) -> list[ScoredRun]:
    """The runs with their answers to the split by which the first one is judged."""
    metrics = [finished_metrics(run) for run in runs]
    split = metrics[0].main_split
    lacking = [
        run for run, each in zip(runs, metrics, strict=True) if split not in (each.scores or {})
    ]
    if split is None or lacking:
        what = "scores on rows that were held out" if split is None else f"{split} scores"
        raise RunError(f"{(lacking or runs)[0].path} has no {what}, by which runs are compared")
    answers = [read_answers(run, split) for run in runs]
    missing = [run for run, record in zip(runs, answers, strict=True) if record is None]
    if missing:
        raise RunError([no_answers(run, split) for run in missing])
    return [
        ScoredRun(run, listed_run(run), each, record)
        for run, each, record in zip(runs, metrics, answers, strict=True)
        if record is not None
    ]


def finished_metrics(run: RunDirectory) -> Metrics:
    """The metrics of a run. Raises RunError where it has not finished."""
    metrics = read_metrics(run)
    if metrics is None:
        raise RunError(
            f"{run.path} has not finished: it has no {run.metrics.name} yet",
            f"finish it: {command_text('resume', run.path)}",
        )
    return metrics


def no_answers(run: RunDirectory, split: Split) -> Problem:
    option = () if split == "test" else ("--split", split)
    return Problem(
        f"{run.path} has no record of its {split} answers, {run.answers(split).name}",
        hint=f"write it: {command_text('evaluate', run.path, *option)}",
    )


def same_rows(runs: Sequence[ScoredRun]) -> list[Array]:
    """The places in each run's record of the rows that all records have.

    Raises RunError where the rows of one are others than those of the first.
    """
    first, *others = runs
    for run in others:
        refuse_other_answers(first, run)
    numbers = [np.asarray(run.answers.row_numbers) for run in runs]
    common = numbers[0]
    for each in numbers[1:]:
        common = np.intersect1d(common, each, assume_unique=True)
    places = [np.searchsorted(each, common) for each in numbers]
    digests = [
        np.asarray(run.answers.digests)[rows] for run, rows in zip(runs, places, strict=True)
    ]
    for run, rows in zip(others, digests[1:], strict=True):
        same = run.answers.count == first.answers.count and np.array_equal(rows, digests[0])
        if not same or not len(common):
            raise other_rows_error(first, run)
    return places


def refuse_other_answers(first: ScoredRun, run: ScoredRun) -> None:
    """Raises RunError where a run is scored otherwise than the first, or knows other labels."""
    if run.answers.scored_as != first.answers.scored_as:
        raise RunError(
            f"{first.path} and {run.path} are scored by other metrics "
            f"({', '.join(first.metrics.scores[first.answers.split])} and "
            f"{', '.join(run.metrics.scores[run.answers.split])})",
            "compare runs of the same task on the same data",
        )
    known, other = (getattr(each.answers.answers, "labels", ()) for each in (first, run))
    if known != other:
        only = sorted(set(known) ^ set(other))
        raise RunError(
            f"{first.path} and {run.path} know different labels"
            + (f": `{only[0]}` is known to one of them alone" if only else ""),
            "compare runs that were trained on the same data",
        )


def other_rows_error(first: ScoredRun, run: ScoredRun) -> RunError:
    """Says how many rows are the same, and which keys of `data` are not."""
    sides = [TextScores(each.run, each.metrics, each.answers.split) for each in (first, run)]
    if (other_tokens := other_tokens_error(*sides)) is not None:
        return other_tokens
    known, others = Counter(first.answers.digests), Counter(run.answers.digests)
    ours, theirs = first.listed.keys, run.listed.keys
    keys = [f"`{key}`" for key in {**ours, **theirs} if key.startswith("data.")]
    differing = [key for key in keys if ours.get(key.strip("`")) != theirs.get(key.strip("`"))]
    differ = f"; the configs differ in {first_few(differing)}" if differing else ""
    both, split = f"{first.path} and {run.path}", first.answers.split
    if known == others:
        folds = first.listed.overview.folds or run.listed.overview.folds
        return RunError(
            f"{both} were scored on the same {known.total():,} {split} rows, but in other "
            + ("folds, by models that were trained on other rows" if folds else "order"),
            f"compare runs {'with the same folds' if folds else 'on the same files'}{differ}",
        )
    return RunError(
        f"{both} were scored on different {split} rows: "
        f"{(known & others).total():,} of {known.total():,} and {others.total():,} are the same",
        f"only scores on the same rows can be compared{differ}",
    )


def metrics_of_all(runs: Sequence[ScoredRun]) -> tuple[Metric[Any], ...]:
    """The metrics that every run has a score by, the main one first.

    Raises RunError where a run lacks the main one, as older versions had other metrics.
    """
    metrics, _ = metrics_and_tables(runs[0].answers)
    scores = [run.metrics.scores[run.answers.split] for run in runs]
    for run, by_name in zip(runs, scores, strict=True):
        if metrics[0].name not in by_name:
            raise RunError(
                f"{run.path} has no {metrics[0].name} in its {run.run.metrics.name}: an older "
                "version wrote it",
                f"delete that file, and `{command_text('resume', run.run.path)}` scores it again",
            )
    return tuple(metric for metric in metrics if all(metric.name in each for each in scores))


def tables_of(run: ScoredRun, rows: Array) -> Tables:
    """The statistics of the rows at some places of a run's record."""
    return select(metrics_and_tables(run.answers)[1], rows)


def reach_of(record: SplitAnswers) -> int | None:
    """How many rows apart answers no longer overlap; None where rows are in no order of time."""
    answers = record.answers
    if isinstance(answers, PassageAnswers):
        return 1
    if not isinstance(answers, NumberAnswers):
        return None
    return answers.outputs // len(answers.names) if answers.names else 1


def with_verdicts(
    pairs: Sequence[Mapping[str, PairedExamples]],
) -> list[dict[str, MetricDifference]]:
    """The differences of several runs from the first; Holm's correction is over the runs."""
    adjusted = {name: holm([pair[name].p for pair in pairs]) for name in pairs[0]}
    return [
        {
            name: MetricDifference(
                examples=each,
                p=adjusted[name][number],
                verdict=verdict(each, adjusted[name][number]),
            )
            for name, each in pair.items()
        }
        for number, pair in enumerate(pairs)
    ]


def verdict(examples: PairedExamples, p: float | None) -> Verdict:
    """What an adjusted p value says of a difference."""
    if p is None or p > LEVEL or not examples.difference.value:
        return "inconclusive"
    return "better" if examples.difference.value > 0 else "worse"
