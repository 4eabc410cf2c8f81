"""A study on its way: begun or continued, trained by workers, and what it showed."""

from collections.abc import Callable, Sequence
from pathlib import Path

from rnnbuild.cli.loading import say
from rnnbuild.cli.output.rows_with_bar import rows_with_bar
from rnnbuild.cli.output.study_progress import RunRows
from rnnbuild.cli.staff import Staff
from rnnbuild.config.variants import parsed_axis
from rnnbuild.errors import Interrupted, TrainingError
from rnnbuild.formatting import plural
from rnnbuild.inference.latency import latency_of
from rnnbuild.runs.config_file import tree_in
from rnnbuild.runs.planned_folder import writing
from rnnbuild.runs.record import is_there
from rnnbuild.runs.study.directory import StudyDirectory, locked_study, run_name
from rnnbuild.runs.study.folders import STUDIES, open_study
from rnnbuild.runs.study.plan_file import Plan, read_plan
from rnnbuild.runs.study.results_file import Results, write_results
from rnnbuild.runs.study.states_file import States
from rnnbuild.studies.opening import (
    StudyRequest,
    begin_or_go_on,
    check_variants,
    grow,
    more_variants,
    new_study,
)
from rnnbuild.studies.plan import Planned
from rnnbuild.studies.results import known_latencies, results_of
from rnnbuild.studies.schedule import StudySchedule
from rnnbuild.visible import command_text, visible
from rnnbuild.wording.study_rows import RunLabel


def started(request: StudyRequest, directory: Path | None, quiet: bool) -> StudyDirectory:
    """A new study in `directory` or `studies/NAME-N`, or the same one if it began there before."""
    new = new_study(request)
    study = begin_or_go_on(directory, STUDIES, new)
    say(() if quiet else new.notes)
    return study


def going_on(path: Path, varied: Sequence[str]) -> tuple[StudyDirectory, list[Planned]]:
    """A study that began, and the variants that `--vary` adds to it."""
    study = open_study(path)
    plan = read_plan(study)
    check_variants(study, plan)
    axes = [parsed_axis(text) for text in varied]
    return study, more_variants(study, plan, axes, tree_in(study.config)) if axes else []


def grown(study: StudyDirectory, plan: Plan, more: Sequence[Planned], seeds: int | None) -> Plan:
    """The plan with more variants and seeds, written; the caller holds the study's lock."""
    names = [run_name(variant.name, seed) for variant in plan.variants for seed in plan.seeds]
    finished = sum(is_there(study.run(name).metrics) for name in names)
    return grow(study, plan, more, seeds, finished)


def finish_study(
    study: StudyDirectory,
    change: Callable[[Plan], Plan],
    staff: Staff,
    quiet: bool,
) -> Results:
    """Train what is left of a study, its plan changed before, and write its results.

    Raises RunError where another process works on it, TrainingError where no run has finished,
    Interrupted where it is stopped, with its results so far written.
    """
    with locked_study(study):
        plan = change(read_plan(study))
        labels = run_labels(plan)
        with rows_with_bar(len(labels), quiet) as screen:
            schedule = StudySchedule(study, plan, RunRows(labels, screen))
            screen.done = schedule.finished
            say_before(study, plan, schedule, quiet)
            try:
                staff.train(schedule, len(schedule.waiting))
            except Interrupted as stop:
                written_results(study, plan, schedule, {})
                raise Interrupted(
                    f"{schedule.finished} of {len(labels)} runs of {study.path} are finished, and "
                    "everything trained so far is saved",
                    stop.signal_number,
                    f"go on with: {command_text('study', study.path)}",
                ) from None
        results = written_results(study, plan, schedule, latencies_of(study, plan))
    if results is None:
        raise TrainingError(
            f"no run of {study.path} has finished: {first_error(schedule)}",
            f"what each said is in {visible(str(study.logs))}",
        )
    return results


def run_labels(plan: Plan) -> dict[str, RunLabel]:
    """What each run is called on the screen, by its name."""
    return {
        run_name(variant.name, seed): RunLabel(variant.label, seed)
        for seed in plan.seeds
        for variant in plan.variants
    }


def say_before(study: StudyDirectory, plan: Plan, schedule: StudySchedule, quiet: bool) -> None:
    """Notes on what is about to be trained."""
    if quiet:
        return
    runs = len(schedule.jobs)
    texts = [
        f"{study.path}: {plural(len(plan.variants), 'variant')} by "
        f"{plural(len(plan.seeds), 'seed')}, {plural(runs, 'run')}"
        + (f", {schedule.finished} of them finished" if schedule.finished else "")
    ]
    if len(plan.variants) == 1:
        texts.append("one variant is compared with nothing; `--vary KEY=A,B` names others")
    texts += [f"the files of {name} are gone: it is trained again" for name in schedule.deleted]
    say(texts)


def latencies_of(study: StudyDirectory, plan: Plan) -> dict[str, float | None]:
    """The latency of each variant, measured now, one after the other, unless it is known."""
    latencies = known_latencies(study)
    for variant in plan.variants:
        runs = [study.run(run_name(variant.name, seed)) for seed in plan.seeds]
        finished = next((run for run in runs if is_there(run.metrics)), None)
        if variant.name not in latencies and finished is not None:
            latencies[variant.name] = latency_of(finished.path)
    return latencies


def written_results(
    study: StudyDirectory,
    plan: Plan,
    schedule: StudySchedule,
    latencies: dict[str, float | None],
) -> Results | None:
    """The results so far, written; None where no run has finished."""
    known = latencies or known_latencies(study)
    results = results_of(study, plan, States(runs=schedule.states), known)
    if results is not None:
        with writing(study):
            write_results(study, results)
    return results


def first_error(schedule: StudySchedule) -> str:
    """Why the first run that failed did."""
    errors = (schedule.state(job.name).error for job in schedule.jobs)
    return next((error for error in errors if error), "none was trained")
