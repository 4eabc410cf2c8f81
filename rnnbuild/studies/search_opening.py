"""A search that begins, or one that goes on and perhaps has more trials."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rnnbuild import atomic
from rnnbuild.config.load import checked
from rnnbuild.config.schema import Config
from rnnbuild.config.space import Space
from rnnbuild.config.written import plain_values, yaml_text
from rnnbuild.errors import ArgumentError, RunError
from rnnbuild.runs.config_file import tree_in
from rnnbuild.runs.planned_folder import free_folder, locked_folder, make_folder, writing
from rnnbuild.runs.record import content_of
from rnnbuild.runs.search.directory import SEARCHES, SearchDirectory
from rnnbuild.runs.search.search_file import SearchPlan, read_search_plan, write_search_plan
from rnnbuild.runs.search.trials_file import Trial, read_trials
from rnnbuild.studies.opening import folder_text
from rnnbuild.studies.plan import refuse_too_many, seeds_from
from rnnbuild.studies.proposals import current_sampler
from rnnbuild.studies.space import dimension_text, is_within, planned_dimension
from rnnbuild.typed_values import LARGEST
from rnnbuild.visible import command_text

MOST_TRIALS = 10_000


@dataclass(frozen=True)
class SearchRequest:
    """What is asked for: a space, and how its trials are trained and compared."""

    space: Space
    folder: Path
    """What names of data files start from."""
    metric: str
    """The score that trials watch, on the validation split."""
    higher_is_better: bool
    trials: int
    seed: int
    pruning: bool
    confirming: int
    seconds: float | None = None
    """Limit on the training of each trial."""


@dataclass(frozen=True)
class NewSearch:
    """A plan, and the config that is searched from as YAML."""

    plan: SearchPlan
    text: str


def new_search(request: SearchRequest) -> NewSearch:
    """The plan of a new search. Raises ArgumentError."""
    refuse_counts(request.trials, request.confirming)
    if not 0 <= request.seed <= LARGEST:
        raise ArgumentError(f"--seed must be from 0 to {LARGEST:,}, found {request.seed}")
    config = checked(request.space.base)
    if config.data is not None and config.data.folds is not None:
        raise ArgumentError(
            "a search chooses by validation scores, and `data.split.folds` would train every trial "
            f"{config.data.folds + 1} times for test scores that it does not look at",
            "search with `--set data.split.folds=null`, then train the best config with folds",
        )
    refuse_confirmation(config.training.seed, request.confirming)
    plan = SearchPlan(
        name=config.name,
        space=tuple(planned_dimension(each) for each in request.space.dimensions),
        trials=request.trials,
        seed=request.seed,
        samplers=(current_sampler(),),
        metric=request.metric,
        higher_is_better=request.higher_is_better,
        pruning=request.pruning,
        seconds=request.seconds,
        confirming=request.confirming,
        data_folder=data_folder_text(request, config),
    )
    return NewSearch(plan, yaml_text(plain_values(config, defaults=False)))


def refuse_counts(trials: int | None, confirming: int | None) -> None:
    """Raises ArgumentError for numbers that no search has."""
    if trials is not None and not 1 <= trials <= MOST_TRIALS:
        raise ArgumentError(
            f"--trials must be from 1 to {MOST_TRIALS:,}, found {trials}",
            "20 trials show which values matter: `--trials 20`",
        )
    if confirming is not None and (confirming < 0 or confirming == 1):
        raise ArgumentError(
            f"--confirm must be 0, or 2 seeds or more, found {confirming}",
            "0 leaves it out; an interval of a difference needs at least 2: `--confirm 3`",
        )


def refuse_confirmation(seed: int, confirming: int) -> None:
    """Raises ArgumentError where the best trial cannot be confirmed on so many seeds after the
    config's own: known now, and not once all trials are trained."""
    if not confirming:
        return
    try:
        refuse_too_many(2, confirming)
        seeds_from(seed + 1, confirming)
    except ArgumentError as error:
        raise ArgumentError(
            f"--confirm {confirming}: {error.problems[0].message}",
            "choose fewer seeds, or leave the confirmation out: `--confirm 0`",
        ) from None


def refuse_other_trials(search: SearchDirectory, plan: SearchPlan, trials: Sequence[Trial]) -> None:
    """Raises RunError where a recorded trial is not of the plan's space."""
    for trial in trials:
        if not is_within(trial.parameters, plan.space):
            raise RunError(
                f"{search.trials} is damaged: the parameters of trial {trial.number} are not in "
                f"the space of {search.plan}",
                "restore both from a copy, or begin a new search",
            )


def data_folder_text(request: SearchRequest, config: Config) -> str:
    """What names of data files start from; vectors and runs may be named by what is searched."""
    keys = [dimension.key for dimension in request.space.dimensions]
    paths = ("model.embedding.pretrained", "training.from_run")
    if any(path.startswith(key) for path in paths for key in keys):
        return str(request.folder.resolve())
    return folder_text(request.folder, [config])


def begin_or_go_on_with_search(directory: Path | None, new: NewSearch) -> SearchDirectory:
    """The folder of a search that is new, or of the same one if it began before.

    It is `directory`, else `searches/<name>-<n>`. Raises RunError where that contains another
    search or anything else.
    """
    if directory is not None:
        search = SearchDirectory(directory)
        if search.began and (different := differences(search, new)):
            raise RunError(
                f"{directory} is another search: {'; '.join(different)}",
                "choose another folder with `--dir`, or go on with that one: "
                f"{command_text('tune', directory)}",
            )
    else:
        search = free_folder(SearchDirectory, SEARCHES, new.plan.name, lambda it: is_same(it, new))
    if search.began:
        return search
    make_folder(search)
    with locked_folder(search), writing(search):
        atomic.write_text(search.config, new.text)
        write_search_plan(search, new.plan)
    return search


def is_same(search: SearchDirectory, new: NewSearch) -> bool:
    """Whether a search began with this plan and config; it may have more or fewer trials."""
    try:
        return not differences(search, new)
    except RunError:
        return False


def differences(search: SearchDirectory, new: NewSearch) -> list[str]:
    """In what a search differs from one that is asked for, in words. Raises RunError."""
    plan, other = read_search_plan(search), new.plan
    found = []
    spaces = [{dimension_text(each) for each in one.space} for one in (plan, other)]
    if spaces[0] != spaces[1]:
        found += _sets_text("it does not search", spaces[1] - spaces[0])
        found += _sets_text("it searches", spaces[0] - spaces[1])
    for key, what in (
        ("seed", "seed"),
        ("metric", "metric"),
        ("pruning", "pruning"),
        ("seconds", "time limit"),
        ("data_folder", "data folder"),
    ):
        one, two = getattr(plan, key), getattr(other, key)
        if one != two:
            found.append(f"its {what} is {_value_text(one)}, not {_value_text(two)}")
    if content_of(search.config).decode("utf-8", "replace") != new.text:
        found.append("its config is another one")
    return found


def _sets_text(start: str, texts: set[str]) -> list[str]:
    return [f"{start} {', '.join(f'`{text}`' for text in sorted(texts))}"] if texts else []


def _value_text(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return "none" if value is None else str(value)


@dataclass(frozen=True)
class Continued:
    """A plan as it goes on, and what its user should know."""

    plan: SearchPlan
    notes: tuple[str, ...]


def go_on(
    search: SearchDirectory, trials: int | None = None, confirming: int | None = None
) -> Continued:
    """The search's plan with these numbers, if they are given, and with the versions that propose
    from now on; the caller holds its lock.

    Raises ArgumentError where more trials began, or the best one cannot be confirmed; RunError
    where the plan cannot be written, or a file is damaged.
    """
    refuse_counts(trials, confirming)
    plan, recorded = read_search_plan(search), read_trials(search)
    refuse_other_trials(search, plan, recorded)
    begun = len(recorded)
    notes: list[str] = []
    if trials is not None and trials < begun:
        raise ArgumentError(
            f"{search.path} has {begun} trials already, and `--trials {trials}` would remove some",
            f"to end it with these: `--trials {begun}`",
        )
    changed = replace(
        plan,
        trials=plan.trials if trials is None else trials,
        confirming=plan.confirming if confirming is None else confirming,
    )
    refuse_confirmation(checked(tree_in(search.config)).training.seed, changed.confirming)
    last, now = plan.samplers[-1], current_sampler(first=begun + 1)
    if begun < changed.trials and (last.optuna, last.numpy) != (now.optuna, now.numpy):
        notes.append(
            f"Optuna {now.optuna} with NumPy {now.numpy} proposes from trial {now.first} on, where "
            f"it was Optuna {last.optuna} with NumPy {last.numpy}: without that change these "
            "trials might be others"
        )
        earlier = plan.samplers if last.first <= begun else plan.samplers[:-1]
        changed = replace(changed, samplers=(*earlier, now))
    if changed != plan:
        with writing(search):
            write_search_plan(search, changed)
    return Continued(changed, tuple(notes))
