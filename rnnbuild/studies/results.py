"""What the finished runs of a study showed, from their own files."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rnnbuild.analysis.cost import multiply_adds_of, parameters_of
from rnnbuild.analysis.equal_parameters import units_of
from rnnbuild.config.load import checked
from rnnbuild.config.other_rows import rows_chosen
from rnnbuild.config.resolve import resolve
from rnnbuild.data.resolved import resolve_with_data
from rnnbuild.errors import RnnbuildError, RunError
from rnnbuild.metrics.tasks import BY_NAME
from rnnbuild.runs.config_file import config_of_run, tree_in
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.environment_file import read_environment
from rnnbuild.runs.facts_file import read_facts
from rnnbuild.runs.history import HistoryLine, read_history, read_timings
from rnnbuild.runs.loss_verdict import loss_verdict
from rnnbuild.runs.metrics_file import Metrics, Split, Values, read_metrics
from rnnbuild.runs.overview import data_text
from rnnbuild.runs.record import is_there
from rnnbuild.runs.study.directory import StudyDirectory, run_name
from rnnbuild.runs.study.plan_file import Plan
from rnnbuild.runs.study.results_file import (
    Failure,
    Results,
    RunResult,
    VariantFacts,
    read_results,
)
from rnnbuild.runs.study.states_file import States
from rnnbuild.tasks.language_model import LANGUAGE_MODEL


@dataclass(frozen=True)
class Finished:
    """A run with final scores."""

    run: RunDirectory
    metrics: Metrics
    result: RunResult


def results_of(
    study: StudyDirectory, plan: Plan, states: States, latencies: Mapping[str, float | None]
) -> Results | None:
    """The results so far; None where no run has finished.

    `latencies` are those of variants that were measured, by name. A run whose files are damaged is
    a failure. Raises RunError where all are.
    """
    finished, failures = finished_runs(study, plan, states)
    if not finished:
        return None
    metrics = finished[0].metrics
    facts, config = read_facts(finished[0].run), config_of_run(finished[0].run)
    splits: tuple[Split, ...] = ("validation", "test")
    # Trivial answers to some rows say nothing of variants that are scored on others.
    other_rows = any(rows_chosen(variant.settings.items(), facts.task) for variant in plan.variants)
    main = BY_NAME[metrics.main]
    return Results(
        plan=plan,
        task=facts.task,
        data=data_text(config),
        metric=main.name,
        higher_is_better=main.higher_is_better,
        unit=main.unit,
        rows=dict(zip(("train", "validation", "test"), facts.rows, strict=True)),
        baselines={}
        if other_rows
        else {
            split: {name: values[main.name] for name, values in metrics.baselines[split].items()}
            for split in splits
            if split in metrics.baselines
        },
        facts=variant_facts(study, plan, finished, latencies),
        runs=tuple(each.result for each in finished),
        failures=tuple(failures),
        folds=len(metrics.folds or ()) or None,
        token="token" if other_rows else token_in(metrics),
    )


def token_in(metrics: Metrics) -> str:
    """What the tokens of a run are; `token` where that is not known, or they are none."""
    return next((size.token for size in (metrics.text or {}).values()), "token")


def finished_runs(
    study: StudyDirectory, plan: Plan, states: States
) -> tuple[list[Finished], list[Failure]]:
    """The runs with final scores, by variant and then by seed, and those that failed."""
    finished: list[Finished] = []
    failures: list[Failure] = []
    for variant in plan.variants:
        for seed in plan.seeds:
            name = run_name(variant.name, seed)
            run, state = study.run(name), states.runs.get(name)
            error = state.error if state is not None and state.state == "failed" else None
            try:
                metrics = read_metrics(run)
                if metrics is not None:
                    refuse_another_run(study, variant.name, seed)
                    result = run_result(variant.name, seed, run, metrics)
                    finished.append(Finished(run, metrics, result))
            except RnnbuildError as damage:
                error = damage.problems[0].message
            if error is not None:
                failures.append(Failure(variant=variant.name, seed=seed, error=error))
    return finished, failures


def refuse_another_run(study: StudyDirectory, variant: str, seed: int) -> None:
    """Raises RunError where a run has another config than its variant with the seed, as when
    folders were exchanged or a run was resumed with changes."""
    run = study.run(run_name(variant, seed))
    expected, actual = tree_in(study.variant(variant)).value, tree_in(run.config).value
    training = expected.setdefault("training", {})
    training["seed"] = seed
    if training.get("speed") == "tuned":  # replaced by what was found to be the fastest
        training["speed"] = actual.get("training", {}).get("speed")
    if actual != expected:
        raise RunError(
            f"{run.path} has another config than {study.variant(variant)} with seed {seed}",
            "put the run's own folder back, or delete it, and it is trained again",
        )


def variant_facts(
    study: StudyDirectory,
    plan: Plan,
    finished: list[Finished],
    latencies: Mapping[str, float | None],
) -> tuple[VariantFacts, ...]:
    """What is known of each variant without its scores.

    Raises ConfigError or DataError where a variant of which no run has finished cannot be resolved.
    """
    first = {each.result.variant: each.run for each in reversed(finished)}
    facts = []
    for variant in plan.variants:
        run = first.get(variant.name)
        if run is not None:
            resolved = resolve(config_of_run(run), read_facts(run))
        else:
            config = checked(tree_in(study.variant(variant.name)), accepts_idle=True)
            resolved = resolve_with_data(config, Path(plan.data_folder))
        tokens = resolved.steps if resolved.task == LANGUAGE_MODEL.name else 1
        threads = read_environment(run).threads.intra_op if run is not None else 0
        facts.append(
            VariantFacts(
                name=variant.name,
                parameters=parameters_of(resolved),
                multiply_adds=multiply_adds_of(resolved) // tokens,  # each step costs the same
                latency=latencies.get(variant.name),
                threads=threads or None,
                units=units_of(resolved),
            )
        )
    return tuple(facts)


def run_result(variant: str, seed: int, run: RunDirectory, metrics: Metrics) -> RunResult:
    """What one finished run showed. Raises RunError where its history is damaged."""
    history, timings = read_history(run.history), read_timings(run.timings)
    best, verdict = kept_line(history, metrics), loss_verdict(history)
    seconds = {line.steps: each.seconds for line, each in zip(history, timings, strict=False)}
    return RunResult(
        variant=variant,
        seed=seed,
        validation=values_of(metrics, "validation"),
        test=values_of(metrics, "test"),
        epochs=metrics.epochs,
        steps=metrics.steps,
        best_epoch=best.epoch if best else None,
        train_loss=best.train["loss"] if best else None,
        validation_loss=best.scores("validation").get("loss") if best else None,
        seconds=timings[-1].seconds if timings else 0.0,
        seconds_to_best=seconds.get(best.steps) if best else None,
        still_falling=verdict is not None and verdict.kind == "falling",
    )


def kept_line(history: list[HistoryLine], metrics: Metrics) -> HistoryLine | None:
    """The evaluation whose weights were kept."""
    if metrics.kept is None:
        return history[-1] if history else None
    return next((line for line in history if line.steps == metrics.kept.steps), None)


def values_of(metrics: Metrics, split: Split) -> Values:
    """A split's scores without intervals."""
    return {name: score.value for name, score in metrics.scores.get(split, {}).items()}


def known_latencies(study: StudyDirectory) -> dict[str, float | None]:
    """Those that were measured before; none where there are no results, or damaged ones."""
    if not is_there(study.results):
        return {}
    try:
        facts = read_results(study).facts
    except RnnbuildError:
        return {}
    return {each.name: each.latency for each in facts if each.latency is not None}
