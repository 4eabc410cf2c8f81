"""What tells runs apart: the keys in which their configs differ, and runs chosen by them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rnnbuild.config.outline import leaves, states
from rnnbuild.config.places import Path
from rnnbuild.config.schema import ALTERNATIVES
from rnnbuild.config.settings import split_argument, value_on
from rnnbuild.errors import ArgumentError, RnnbuildError, did_you_mean
from rnnbuild.runs.config_file import resolved_values, written_config_of_run
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.overview import Overview, overview_or_damage

Keys = Mapping[str, Any]
"""Values of a config, by their dotted keys."""

NOT_TOLD = {"name", "training.epochs", "training.checkpoint_minutes"}
"""What a list shows in other columns, or what changes no result."""
IN_LAYERS = {"cell", "units", "bidirectional"}
"""The ends of keys that the text of a run's layers contains."""
SORTED_BY = (
    *("run", "status", "name", "task", "data", "layers"),
    *("epochs", "steps", "seconds", "parameters", "score"),
)
"""Fields of `Overview`."""
CHOSEN_BY = ("status", "task")


@dataclass(frozen=True)
class ListedRun:
    """A run at a glance, with its config."""

    overview: Overview
    keys: Keys
    """With every default; empty for a damaged run."""
    stated: frozenset[str]
    """The keys that the config states itself."""


def listed_run(run: RunDirectory) -> ListedRun:
    overview = overview_or_damage(run)
    try:
        resolved, written = resolved_values(run), written_config_of_run(run).value
    except RnnbuildError:
        return ListedRun(overview, {}, frozenset())
    values = dict(leaves(resolved))
    return ListedRun(
        overview,
        {dotted(path): value for path, value in values.items()},
        frozenset(dotted(path) for path in values if states(written, path)),
    )


def dotted(path: Path) -> str:
    return ".".join(map(str, path))


def differences(runs: Sequence[ListedRun]) -> list[dict[str, Any]]:
    """For each run, the keys in which it differs from others of the same task and data.

    Told are keys that one of them states, and not what the layers' text contains. A key is short,
    `learning_rate`, where no other one ends alike.
    """
    found = []
    for run in runs:
        alike = [other for other in runs if group_of(other) == group_of(run)]
        stated = frozenset[str]().union(*(other.stated for other in alike))
        told = [key for key in run.keys if key in stated and is_told(key) and differs(key, alike)]
        ends = Counter(key.rpartition(".")[2] for key in told)
        found.append({short(key, ends): run.keys[key] for key in told})
    return found


def group_of(run: ListedRun) -> tuple[str, str]:
    return run.overview.task, run.overview.data


def is_told(key: str) -> bool:
    in_layers = key.startswith("model.layers.") and key.rpartition(".")[2] in IN_LAYERS
    return key not in NOT_TOLD and key.partition(".")[0] not in ALTERNATIVES and not in_layers


def differs(key: str, runs: Sequence[ListedRun]) -> bool:
    """Whether not all of the runs that have the key have the same value."""
    values = [run.keys[key] for run in runs if key in run.keys]
    return any(value != values[0] for value in values)


def short(key: str, ends: Mapping[str, int]) -> str:
    first, _, end = key.rpartition(".")
    if end == "name":  # of an optimizer, a schedule
        return first.rpartition(".")[2]
    return end if ends[end] == 1 else key.partition(".")[2]


def chosen(runs: Sequence[ListedRun], conditions: Sequence[str]) -> list[ListedRun]:
    """The runs that fulfil all conditions, each `KEY=VALUE`: of a config's key, in full or by its
    end, or of `status` or `task`. Raises ConfigError where one is malformed, ArgumentError where no
    run has its key.
    """
    left = list(runs)
    for condition in conditions:
        source, span, text = split_argument(condition, "--where", "KEY=VALUE", "cell=gru")
        value = value_on(source, text, span.end_column + 1).value
        key = condition.partition("=")[0].strip()
        known = [values_at(run, key) for run in runs]
        if runs and not any(known):
            names = {*CHOSEN_BY, *(name for run in runs for name in run.keys)}
            ends = {name.rpartition(".")[2] for name in names}
            raise ArgumentError(
                f"--where: no run has a key `{key}`{did_you_mean(key, names | ends)}"
            )
        left = [run for run in left if value in values_at(run, key)]
    return left


def values_at(run: ListedRun, key: str) -> list[Any]:
    """The values of a key, in full or by its end, of which layers may have several."""
    if key in CHOSEN_BY:
        return [getattr(run.overview, key)]
    return [value for name, value in run.keys.items() if f".{name}".endswith(f".{key}")]


def sorted_runs(runs: Sequence[ListedRun], by: str | None) -> list[ListedRun]:
    """The runs by a field of `Overview`, smallest first, of scores the best; by `-FIELD` in
    reverse. Those without a value come last. Raises ArgumentError for another name."""
    if by is None:
        return list(runs)
    name = by.removeprefix("-")
    if name not in SORTED_BY:
        known = ", ".join(f"`{one}`" for one in SORTED_BY)
        raise ArgumentError(
            f"--sort: there is no column `{name}`{did_you_mean(name, SORTED_BY)}",
            f"sort by one of {known}; `-{SORTED_BY[-1]}` sorts in reverse",
        )
    with_value = [run for run in runs if getattr(run.overview, name) is not None]
    without = [run for run in runs if getattr(run.overview, name) is None]

    def order(run: ListedRun) -> Any:
        overview = run.overview
        if name != "score":
            return getattr(overview, name)
        # Scores of one metric together.
        assert overview.score is not None
        return overview.metric, -overview.score if overview.higher_is_better else overview.score

    return [*sorted(with_value, key=order, reverse=by.startswith("-")), *without]
