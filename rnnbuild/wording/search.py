"""What a search showed: its trials, the best of them, and how it comes along."""

from collections.abc import Sequence
from typing import Any

from rnnbuild.config.variants import short_value
from rnnbuild.formatting import plural, score_text, value_text
from rnnbuild.runs.search.search_file import SearchPlan
from rnnbuild.runs.search.trials_file import Trial
from rnnbuild.studies.findings import Findings
from rnnbuild.studies.space import value_of
from rnnbuild.typed_values import to_plain
from rnnbuild.wording.metric_names import metric_name
from rnnbuild.wording.table import Column, Row, Table

SHOWN = 10
"""Trials in a table for a person."""


def trials_table(plan: SearchPlan, trials: Sequence[Trial]) -> Table:
    """The best trials, a row each, with the values of what was searched; as CSV all trials."""
    keys = [dimension.key for dimension in plan.space]
    rows = [row_of(trial, keys) for trial in ranked(plan, trials)]
    columns = [
        Column("trial", "trial", align="right"),
        Column("value", f"validation {metric_name(plan.metric)}", score_text, "right"),
        Column("epochs", "epochs", align="right"),
        *(Column(key, short_key(key, keys), parameter_text, "right") for key in keys),
    ]
    finished = [row for row in rows if row["state"] == "done"]
    notes = []
    if len(finished) > SHOWN:
        notes.append(f"{len(finished) - SHOWN:,} more trials finished: use --format csv")
    if plan.pruning and any(trial.state == "pruned" for trial in trials):
        notes.append(
            "A trial is pruned whose best score so far is below the median of those that were "
            "trained to their end, at the same epoch."
        )
    return Table(
        columns,
        finished[:SHOWN],
        title=f"{plan.name}: {trials_text(trials)}",
        notes=notes,
    )


def all_trials_table(plan: SearchPlan, trials: Sequence[Trial]) -> Table:
    """Every trial in its order, for other programs."""
    keys = [dimension.key for dimension in plan.space]
    columns = [Column(key, key) for key in ("trial", "state", "value", "epochs", *keys, "error")]
    return Table(columns, [row_of(trial, keys) for trial in trials])


def row_of(trial: Trial, keys: Sequence[str]) -> Row:
    return {
        "trial": trial.number,
        "state": trial.state,
        "value": trial.value,
        "epochs": len(trial.scores),
        **{key: value_of(trial.parameters[key]) for key in keys},
        "error": trial.error,
    }


def search_document(plan: SearchPlan, trials: Sequence[Trial], best: Trial) -> dict[str, Any]:
    """Every figure of a search, raw."""
    return {
        "plan": to_plain(plan),
        "trials": [trial_document(trial) for trial in trials],
        "best": trial_document(best),
    }


def trial_document(trial: Trial) -> dict[str, Any]:
    """A trial as recorded, its parameters as a config has them."""
    parameters = {key: value_of(item) for key, item in trial.parameters.items()}
    return {**to_plain(trial), "parameters": parameters}


def ranked(plan: SearchPlan, trials: Sequence[Trial]) -> list[Trial]:
    """The finished trials, the best first, and of equal ones the first; then the others."""
    sign = -1 if plan.higher_is_better else 1

    def rank(trial: Trial) -> tuple[bool, float, int]:
        done = trial.state == "done" and trial.value is not None
        return not done, sign * (trial.value or 0.0) if done else 0.0, trial.number

    return sorted(trials, key=rank)


def short_key(key: str, keys: Sequence[str]) -> str:
    """The last part of a key, where no other one ends alike."""
    end = key.rpartition(".")[2]
    return end if [other.rpartition(".")[2] for other in keys].count(end) == 1 else key


def parameter_text(value: Any) -> str:
    return value_text(value) if isinstance(value, float) else short_value(value)


def trials_text(trials: Sequence[Trial]) -> str:
    """`12 trials: 9 finished, 2 pruned, 1 failed`."""
    counts = {
        "finished": sum(trial.state == "done" for trial in trials),
        "pruned": sum(trial.state == "pruned" for trial in trials),
        "failed": sum(trial.state == "failed" for trial in trials),
    }
    texts = [f"{count:,} {word}" for word, count in counts.items() if count]
    return f"{plural(len(trials), 'trial')}: {', '.join(texts)}"


def reason_of_failure(trial: Trial) -> str:
    """The first line of its error: what follows shows a place in its config."""
    return (trial.error or "").partition("\n")[0]


def best_text(plan: SearchPlan, trials: Sequence[Trial], best: Trial) -> str:
    """What was selected, and by what."""
    alike = sum(trial.state == "done" and trial.value == best.value for trial in trials) - 1
    shared = f" {plural(alike, 'other trial')} reached it too; the first is taken." if alike else ""
    return (
        f"Trial {best.number} has the best validation {metric_name(plan.metric)}, "
        f"{score_text(best.value)}.{shared} That score is optimistic, since the trial was chosen "
        "for it."
    )


def confirmation_text(findings: Findings) -> str:
    """Whether the best trial is better than the config as given: its variant is the second."""
    plan = findings.results.plan
    winner = plan.variants[1].name
    verdicts = [each.verdict for each in findings.differences if each.variant == winner]
    start = f"On {plural(len(plan.seeds), 'new seed')} the best trial is"
    if "better" in verdicts:
        return f"{start} better than the config as given: train it with the command below."
    if "worse" in verdicts:
        return f"{start} worse than the config as given: train the config as given."
    return f"{start} not shown to be better than the config as given."
