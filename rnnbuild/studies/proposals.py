"""What a search tries next, and which trial it gives up: by Optuna, from the search's own records.

Optuna's study is made anew for each question, of the trials as they are recorded, and its sampler
gets a seed of its own for each trial. So proposals do not depend on how often the search was
interrupted: nothing but the records is remembered.
"""

from collections.abc import Iterable, Sequence
from math import floor, log10
from typing import TYPE_CHECKING, Any

import numpy as np

from rnnbuild.dependencies import why_not_importable
from rnnbuild.errors import MissingExtraError
from rnnbuild.runs.search.search_file import PlannedChoice, PlannedRange, Sampler, SearchPlan
from rnnbuild.runs.search.trials_file import EpochScore, Trial
from rnnbuild.studies.space import Parameters, PlannedDimension

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution

RANDOM_TRIALS = 10
"""So many trials are drawn at random before scores decide what is tried: Optuna's default."""
COMPARED_TRIALS = 5
"""So many trials are trained to their end before one is given up: Optuna's default."""
FIRST_PRUNED_EPOCH = 2
"""Scores after one epoch say little: no trial is given up by them."""
DIGITS = 4
"""Significant digits of a proposed number, so that a config can be read."""


def import_optuna() -> Any:
    """Optuna, which logs nothing. Raises MissingExtraError where it cannot be imported."""
    reason = why_not_importable("optuna")
    if reason is not None:
        raise MissingExtraError(
            f"a search needs Optuna, which cannot be imported ({reason})",
            hint='install it: pip install "rnnbuild[tune]"',
        )
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna


def current_sampler(first: int = 1) -> Sampler:
    """What proposes trials here, from the trial with this number on."""
    return Sampler(
        name="tpe", optuna=import_optuna().__version__, numpy=np.__version__, first=first
    )


def proposal(plan: SearchPlan, trials: Sequence[Trial]) -> dict[str, int | float | str]:
    """Parameters of the trial that follows these.

    It depends on the plan's space and seed and on the trials alone, running ones included.
    """
    optuna = import_optuna()
    number = len(trials) + 1
    (seed,) = np.random.SeedSequence([plan.seed, number]).generate_state(1)
    sampler = optuna.samplers.TPESampler(seed=int(seed), n_startup_trials=RANDOM_TRIALS)
    study = study_of(optuna, plan, trials, sampler)
    asked = study.ask({each.key: distribution_of(optuna, each) for each in plan.space})
    return {each.key: parameter_of(each, asked.params[each.key]) for each in plan.space}


def is_pruned(
    plan: SearchPlan, trials: Iterable[Trial], parameters: Parameters, scores: Sequence[EpochScore]
) -> bool:
    """Whether a trial with these scores so far is worse than the median of those that were trained
    to their end, at the same epoch."""
    optuna = import_optuna()
    pruner = optuna.pruners.MedianPruner(
        n_startup_trials=COMPARED_TRIALS, n_warmup_steps=FIRST_PRUNED_EPOCH
    )
    finished = [trial for trial in trials if trial.state == "done"]
    study = study_of(optuna, plan, finished, optuna.samplers.RandomSampler(0))
    state = optuna.trial.TrialState.RUNNING
    return bool(pruner.prune(study, frozen(optuna, plan, parameters, scores, None, state)))


def study_of(optuna: Any, plan: SearchPlan, trials: Iterable[Trial], sampler: Any) -> Any:
    """Optuna's study of the recorded trials."""
    states = {
        "running": optuna.trial.TrialState.RUNNING,
        "done": optuna.trial.TrialState.COMPLETE,
        "pruned": optuna.trial.TrialState.PRUNED,
        "failed": optuna.trial.TrialState.FAIL,
    }
    study = optuna.create_study(
        sampler=sampler, direction="maximize" if plan.higher_is_better else "minimize"
    )
    study.add_trials(
        [
            frozen(optuna, plan, trial.parameters, trial.scores, trial.value, states[trial.state])
            for trial in trials
        ]
    )
    return study


def frozen(
    optuna: Any,
    plan: SearchPlan,
    parameters: Parameters,
    scores: Sequence[EpochScore],
    value: float | None,
    state: Any,
) -> Any:
    """A recorded trial as Optuna has it."""
    return optuna.trial.create_trial(
        state=state,
        value=value,
        params={each.key: internal(each, parameters[each.key]) for each in plan.space},
        distributions={each.key: distribution_of(optuna, each) for each in plan.space},
        intermediate_values={score.epoch: score.value for score in scores},
    )


def distribution_of(optuna: Any, dimension: PlannedDimension) -> "BaseDistribution":
    """A dimension as Optuna has it; of alternatives, their numbers."""
    kinds = optuna.distributions
    if isinstance(dimension, PlannedChoice):
        chosen = kinds.CategoricalDistribution(range(len(dimension.alternatives)))
    elif dimension.whole:
        chosen = kinds.IntDistribution(
            int(dimension.low), int(dimension.high), dimension.log, int(dimension.step or 1)
        )
    else:
        chosen = kinds.FloatDistribution(
            float(dimension.low), float(dimension.high), dimension.log, dimension.step
        )
    distribution: BaseDistribution = chosen
    return distribution


def internal(dimension: PlannedDimension, parameter: int | float | str) -> Any:
    """A parameter as Optuna has it."""
    if isinstance(dimension, PlannedChoice):
        return dimension.alternatives.index(str(parameter))
    return int(parameter) if dimension.whole else float(parameter)


def parameter_of(dimension: PlannedDimension, value: Any) -> int | float | str:
    """What Optuna proposed, as the search records it."""
    if isinstance(dimension, PlannedChoice):
        return dimension.alternatives[int(value)]
    return int(value) if dimension.whole else rounded(dimension, float(value))


def rounded(dimension: PlannedRange, value: float) -> float:
    """A number with four digits, of itself or of the range's width, whichever is finer."""
    low, high = float(dimension.low), float(dimension.high)
    decimals = DIGITS - 1 - floor(log10(min(abs(value) or high - low, high - low)))
    if dimension.step is not None:
        decimals += 8  # a sum of steps, 0.30000000000000004, is rounded to what it stands for
    return min(high, max(low, round(value, decimals)))
