"""Results of studies that were made up instead of trained."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from rnnbuild.runs.study.plan_file import Plan, PlannedVariant
from rnnbuild.runs.study.results_file import Results, RunResult, VariantFacts

Scores = Sequence[Sequence[float | None]] | npt.NDArray[np.float64]
"""(variants, seeds); None is a run whose score is undefined."""


def made_plan(variants: int, seeds: int, **keys: Any) -> Plan:
    """Variants `v0`, `v1` and so on by seeds from 1 on; the reference is `v0`."""
    names = [f"v{number}" for number in range(variants)]
    planned = tuple(
        PlannedVariant(name=name, label=f"cell={name}", settings={"cell": name}) for name in names
    )
    every = tuple(range(1, seeds + 1))
    return Plan(**{"name": "made", "variants": planned, "seeds": every, "reference": "v0", **keys})


def made_results(
    test: Scores, validation: Scores | None = None, *, plan: Plan | None = None, **keys: Any
) -> Results:
    """Results with these scores; on validation rows the same ones unless they are given.

    A variant has 100 parameters more than the one before it and answers a millisecond later.
    `keys` are further ones of the results, or replace those made here.
    """
    validation = test if validation is None else validation
    plan = plan or made_plan(len(test), len(test[0]))
    runs = tuple(
        made_run(variant.name, seed, on_test[place], on_validation[place])
        for variant, on_test, on_validation in zip(plan.variants, test, validation, strict=True)
        for place, seed in enumerate(plan.seeds)
    )
    facts = tuple(
        VariantFacts(
            name=variant.name,
            parameters=1000 + 100 * number,
            multiply_adds=50_000 + 5_000 * number,
            latency=0.001 * (number + 1),
        )
        for number, variant in enumerate(plan.variants)
    )
    return Results(
        **{
            "plan": plan,
            "task": "classify",
            "data": "reviews",
            "metric": "accuracy",
            "higher_is_better": True,
            "unit": "share",
            "rows": {"train": 1000, "validation": 100, "test": 200},
            "baselines": {"test": {"majority": 0.5}},
            "facts": facts,
            "runs": runs,
            **keys,
        }
    )


def made_run(
    variant: str, seed: int, test: float | None, validation: float | None, **keys: Any
) -> RunResult:
    return RunResult(
        **{
            "variant": variant,
            "seed": seed,
            "validation": {"accuracy": None if validation is None else float(validation)},
            "test": {"accuracy": None if test is None else float(test)},
            "epochs": 4,
            "steps": 400,
            "best_epoch": 3,
            "train_loss": 0.25,
            "validation_loss": 0.5 + 0.125 * seed,
            "seconds": 8.0 * seed,
            "seconds_to_best": 6.0 * seed,
            **keys,
        }
    )


def without(results: Results, *runs: tuple[str, int]) -> Results:
    """The results without the runs of these variants and seeds."""
    left = tuple(run for run in results.runs if (run.variant, run.seed) not in runs)
    return replace(results, runs=left)
