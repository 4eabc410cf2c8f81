"""A search on its way: its trials, trained by workers, and then the best one confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rnnbuild import atomic
from rnnbuild.cli.loading import say
from rnnbuild.cli.output.rows_with_bar import rows_with_bar
from rnnbuild.cli.output.search_progress import TrialRows
from rnnbuild.cli.staff import Staff
from rnnbuild.cli.study_run import finish_study, grown
from rnnbuild.errors import Interrupted, TrainingError
from rnnbuild.formatting import plural
from rnnbuild.runs.planned_folder import locked_folder, writing
from rnnbuild.runs.search.directory import SearchDirectory
from rnnbuild.runs.search.search_file import SearchPlan
from rnnbuild.runs.search.trials_file import Trial
from rnnbuild.runs.study.directory import StudyDirectory
from rnnbuild.runs.study.folders import STUDIES
from rnnbuild.runs.study.results_file import Results
from rnnbuild.studies.confirmation import best_file_text, confirming_study, opened_before
from rnnbuild.studies.opening import begin_or_go_on
from rnnbuild.studies.search import Search, best_trial
from rnnbuild.studies.search_opening import go_on
from rnnbuild.visible import command_text, visible
from rnnbuild.wording.search import reason_of_failure


@dataclass(frozen=True)
class Searched:
    """What a search has come to."""

    search: SearchDirectory
    plan: SearchPlan
    trials: Sequence[Trial]
    best: Trial
    confirmation: tuple[StudyDirectory, Results] | None
    """None where the best trial is the config as given, or nothing was to be confirmed."""


def finish_search(
    search: SearchDirectory,
    trials: int | None,
    confirming: int | None,
    workers: int,
    quiet: bool,
) -> Searched:
    """Train what is left of a search, with these numbers if they are given, and confirm its best.

    Raises RunError where another process works on it, TrainingError where no trial has finished,
    Interrupted where it is stopped.
    """
    with locked_folder(search):
        continued = go_on(search, trials, confirming)
        say(continued.notes)
        listener = trained(search, continued.plan, workers, quiet)
        best = best_trial(continued.plan, listener.trials)
        if best is None:
            raise TrainingError(
                f"no trial of {search.path} has finished: {first_reason(listener.trials)}",
                f"what each said is in {visible(str(search.logs))}; for more: "
                + command_text("tune", search.path, f"--trials {2 * len(listener.trials)}"),
            )
        with writing(search):
            atomic.write_text(search.best, best_file_text(listener.base, best))
        confirmation = confirmed(listener, best, workers, quiet)
    return Searched(search, continued.plan, listener.trials, best, confirmation)


def trained(search: SearchDirectory, plan: SearchPlan, workers: int, quiet: bool) -> Search:
    """The search once all of its trials have ended. Raises Interrupted where it is stopped."""
    with rows_with_bar(plan.trials, quiet) as screen:
        rows = TrialRows(plan, screen)
        listener = Search(search, plan, rows)
        known = best_trial(plan, listener.trials)
        rows.best = known.value if known else None
        screen.done = number_ended(listener.trials)
        if not quiet:
            say(notes_before(search, plan, screen.done, workers))
        try:
            Staff(workers).train(listener, plan.trials - screen.done)
        except Interrupted as stop:
            raise Interrupted(
                f"{number_ended(listener.trials)} of {plural(plan.trials, 'trial')} of "
                f"{search.path} have ended, and everything trained so far is saved",
                stop.signal_number,
                f"go on with: {command_text('tune', search.path)}",
            ) from None
    return listener


def notes_before(search: SearchDirectory, plan: SearchPlan, ended: int, workers: int) -> list[str]:
    """What the user should know before trials are trained."""
    have = f", {ended} of them ended" if ended else ""
    notes = [f"{search.path}: {plural(plan.trials, 'trial')}{have}"]
    if ended < plan.trials:
        if workers > 1:
            notes.append(
                f"with {workers} workers, what is proposed and pruned depends on which trial ends "
                "first: the same command may find other trials; with one worker it does not"
            )
        elif plan.seconds is not None:
            notes.append(
                "with a time limit, scores depend on the machine's speed: the same command may "
                "find other trials"
            )
    return notes


def number_ended(trials: Sequence[Trial]) -> int:
    return sum(trial.state != "running" for trial in trials)


def first_reason(trials: Sequence[Trial]) -> str:
    """Why the first trial that failed did."""
    failed = [trial for trial in trials if trial.state == "failed"]
    return reason_of_failure(failed[0]) if failed else "each was given up"


def confirmed(
    listener: Search, best: Trial, workers: int, quiet: bool
) -> tuple[StudyDirectory, Results] | None:
    """The study of the best trial and the config as given, finished.

    Raises Interrupted where it is stopped, and the errors of `finish_study`.
    """
    search, plan = listener.search, listener.plan
    if not plan.confirming:
        return None
    new = confirming_study(plan, listener.base, best)
    if new is None:
        say(["the best trial is the config as given: there is nothing to compare it with"])
        return None
    for number in opened_before(search, best, listener.trials):
        say(
            [
                f"trial {number} was the best before, and the test split was opened for it: "
                "scores on the test split are no longer those of one selection"
            ]
        )
    study = search.confirmation(best.number)
    if not study.began:
        study = begin_or_go_on(study.path, STUDIES, new)
    try:
        results = finish_study(
            study,
            lambda known: grown(study, known, [], max(plan.confirming, len(known.seeds))),
            Staff(workers),
            quiet,
        )
    except Interrupted as stop:
        raise Interrupted(
            f"all trials of {search.path} have ended; the best one is being compared with the "
            "config as given, and everything trained so far is saved",
            stop.signal_number,
            f"go on with: {command_text('tune', search.path)}",
        ) from None
    return study, results


def train_command(search: SearchDirectory, plan: SearchPlan) -> str:
    """The command that trains the best trial's config."""
    if plan.data_folder == ".":
        return command_text("train", search.best)
    return command_text("train", search.best, "--data-dir", Path(plan.data_folder))
