"""Proposals from records are those of one Optuna study that was never interrupted."""

import sys
from collections.abc import Sequence
from random import Random

import numpy as np
import optuna
import pytest

from rnnbuild.errors import MissingExtraError
from rnnbuild.runs.search.search_file import PlannedChoice, PlannedRange, Sampler, SearchPlan
from rnnbuild.runs.search.trials_file import EpochScore, Trial
from rnnbuild.studies.proposals import current_sampler, is_pruned, proposal, rounded
from rnnbuild.studies.space import PlannedDimension

SPACE: tuple[PlannedDimension, ...] = (
    PlannedRange(key="units", low=4, high=256, whole=True, log=True),
    PlannedRange(key="window", low=8, high=64, whole=True, step=8),
    PlannedChoice(key="cell", alternatives=("simple_rnn", "gru", "lstm")),
)
DISTRIBUTIONS = {
    "units": optuna.distributions.IntDistribution(4, 256, log=True),
    "window": optuna.distributions.IntDistribution(8, 64, step=8),
    "cell": optuna.distributions.CategoricalDistribution((0, 1, 2)),
}


def plan_of(space: Sequence[PlannedDimension] = SPACE, **options: object) -> SearchPlan:
    stated: dict[str, object] = {
        "name": "small",
        "space": tuple(space),
        "trials": 50,
        "seed": 1,
        "samplers": (current_sampler(),),
        "metric": "accuracy",
        "higher_is_better": True,
        "pruning": True,
        "confirming": 0,
    }
    return SearchPlan(**{**stated, **options})  # type: ignore[arg-type]


def sampler_of(seed: int, number: int) -> optuna.samplers.TPESampler:
    state = np.random.SeedSequence([seed, number]).generate_state(1)
    return optuna.samplers.TPESampler(seed=int(state[0]))


@pytest.mark.parametrize(("seed", "higher_is_better"), [(0, True), (1, False), (2**40, True)])
def test_proposals_and_prunings_are_those_of_a_study_that_lives_on(
    seed: int, higher_is_better: bool
) -> None:
    random = Random(seed)
    plan = plan_of(seed=seed, higher_is_better=higher_is_better)
    study = optuna.create_study(
        direction="maximize" if higher_is_better else "minimize",
        pruner=optuna.pruners.MedianPruner(n_warmup_steps=2),
    )
    states = optuna.trial.TrialState
    trials: list[Trial] = []
    for number in range(1, 41):
        study.sampler = sampler_of(seed, number)
        asked = study.ask(DISTRIBUTIONS)
        parameters = proposal(plan, trials)
        cell = SPACE[2].alternatives[asked.params["cell"]]  # type: ignore[union-attr]
        assert parameters == {**asked.params, "cell": cell}

        trial = Trial(number=number, parameters=parameters, state="running")
        scores: list[EpochScore] = []
        if random.random() < 0.15:
            study.tell(asked, state=states.FAIL)
            trials.append(Trial(**{**vars(trial), "state": "failed"}))
            continue
        for epoch in range(1, 6):
            value = random.gauss(abs(asked.params["units"] - 100), 30)
            asked.report(value, epoch)
            scores.append(EpochScore(epoch=epoch, value=value))
            pruned = asked.should_prune()
            assert is_pruned(plan, trials, parameters, scores) == pruned
            if pruned:
                break
        study.tell(asked, None if pruned else value, states.PRUNED if pruned else states.COMPLETE)
        ended = {"state": "pruned" if pruned else "done", "value": value, "scores": tuple(scores)}
        trials.append(Trial(**{**vars(trial), **ended}))
    assert {trial.state for trial in trials} == {"done", "pruned", "failed"}


def test_running_trials_are_known_so_that_several_workers_do_not_try_the_same() -> None:
    plan = plan_of((PlannedRange(key="units", low=4, high=256, whole=True),))
    trials = [
        Trial(number=n, parameters={"units": 4 * n}, state="done", value=float(-abs(n - 20)))
        for n in range(1, 31)
    ]
    running = Trial(number=31, parameters=proposal(plan, trials), state="running")
    second = proposal(plan, [*trials, running])
    assert second != running.parameters
    study = optuna.create_study(direction="maximize", sampler=sampler_of(1, 32))
    kinds, states = optuna.distributions.IntDistribution(4, 256), optuna.trial.TrialState
    for trial in [*trials, running]:
        state = states.COMPLETE if trial.state == "done" else states.RUNNING
        params = dict(trial.parameters)
        study.add_trial(
            optuna.trial.create_trial(
                state=state, value=trial.value, params=params, distributions={"units": kinds}
            )
        )
    assert study.ask({"units": kinds}).params == second


FLOATS = (
    PlannedRange(key="a", low=1e-4, high=1e-2, whole=False, log=True),
    PlannedRange(key="a", low=0, high=0.5, whole=False),
    PlannedRange(key="a", low=0, high=0.5, whole=False, step=0.1),
    PlannedRange(key="a", low=-3, high=3, whole=False),
    PlannedRange(key="a", low=1000.001, high=1000.002, whole=False, log=True),
    PlannedRange(key="a", low=1e-300, high=1e300, whole=False, log=True),
)


@pytest.mark.parametrize("dimension", FLOATS, ids=lambda each: f"{each.low}..{each.high}")
def test_a_proposed_number_is_short_and_within_its_range(dimension: PlannedRange) -> None:
    for seed in range(20):
        plan = plan_of((dimension,), seed=seed)
        (value,) = proposal(plan, ()).values()
        assert isinstance(value, float)
        assert dimension.low <= value <= dimension.high
        assert len(repr(value)) <= 14
        # Optuna takes it for one of its own.
        assert proposal(plan, [Trial(number=1, parameters={"a": value}, state="done", value=1.0)])


@pytest.mark.parametrize("dimension", FLOATS, ids=lambda each: f"{each.low}..{each.high}")
def test_a_rounded_number_is_near_the_exact_one(dimension: PlannedRange) -> None:
    width = float(dimension.high) - float(dimension.low)
    for share in np.random.default_rng(1).random(200):
        exact = float(dimension.low) + float(share) * width
        value = rounded(dimension, exact)
        assert dimension.low <= value <= dimension.high
        # Half a unit of the fourth digit, of the number or of its range, whichever is finer.
        assert abs(value - exact) <= min(width, abs(exact)) * 1e-3


def test_a_sum_of_steps_is_the_number_that_it_stands_for() -> None:
    assert rounded(FLOATS[2], 0.1 + 0.2) == 0.3


def test_without_optuna_the_install_line_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(MissingExtraError, match="a search needs Optuna") as caught:
        proposal(small_plan(), ())
    assert caught.value.problems[0].hint == 'install it: pip install "rnnbuild[tune]"'


def small_plan() -> SearchPlan:
    return SearchPlan(
        name="small",
        space=(PlannedChoice(key="cell", alternatives=("gru", "lstm")),),
        trials=1,
        seed=1,
        samplers=(Sampler(name="tpe", optuna="5.0.0", numpy="2.0.0"),),
        metric="accuracy",
        higher_is_better=True,
        pruning=True,
        confirming=0,
    )
