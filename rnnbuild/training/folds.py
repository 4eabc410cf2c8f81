"""A run from its start, or from where it stopped, with the folds that its config asks for.

Each fold is a run of its own in the run's folder, trained on the other folds and tested on this
one; the run's own model comes last. What stops one stops all, and goes on where it was.
"""

import gc
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from math import ceil
from pathlib import Path

from rnnbuild.config.schema import Config
from rnnbuild.errors import Interrupted
from rnnbuild.models.framework import keras
from rnnbuild.runs.directory import RunDirectory, locked, run_at
from rnnbuild.runs.history import HistoryLine
from rnnbuild.training.progress.observer import Observer
from rnnbuild.training.progress.state import TrainingState
from rnnbuild.training.resume import ResumeRequest, resume
from rnnbuild.training.setup.prepare import Prepared, prepare
from rnnbuild.training.steps.step import StepSums
from rnnbuild.training.train import Outcome, TrainFolds, train
from rnnbuild.visible import command_text


def train_whole(
    config: Config,
    folder: Path,
    prepared: Prepared,
    new_run: Callable[[], RunDirectory],
    observer: Observer,
    seconds: float | None = None,
    command: tuple[str, ...] = (),
) -> Outcome:
    """Train a config's folds, if it has any, then its model; as `train` does otherwise."""
    folds = folds_trainer(ResumeRequest(config, folder, command=command))
    return train(config, folder, prepared, new_run, observer, seconds, command, folds)


def resume_whole(
    run: RunDirectory, request: ResumeRequest, prepared: Prepared, observer: Observer
) -> Outcome:
    """Continue a run's folds, if it has any, then its model; as `resume` does otherwise."""
    return resume(run, request, prepared, observer, folds_trainer(request))


def folds_trainer(request: ResumeRequest) -> TrainFolds | None:
    """What trains the folds of the request's config, or continues them; None where it has none."""
    data = request.config.data
    return None if data is None or data.folds is None else partial(train_folds, request)


def train_folds(
    request: ResumeRequest,
    config: Config,
    run: RunDirectory,
    observer: Observer,
    seconds: float | None,
) -> float | None:
    """Train every fold of a config that has not finished; returns the seconds for the run's model.

    Limited time is shared out evenly: each model, the run's own included, has its part of it.
    Raises the errors of `train` and `resume`; Interrupted says how to continue the whole run.
    """
    count = (config.data and config.data.folds) or 0
    share = None if seconds is None else seconds / (count + 1)
    if (start := config.training.from_run) is not None:
        observer.remarked(
            f"folds start from {start}, too: rows that it was trained on are not new to them"
        )
    for number in range(1, count + 1):
        own = replace(
            request, config=config_of_fold(config, number), seconds=share, total_seconds=None
        )
        try:
            train_fold(run.fold(number), own, FoldObserver(observer, number, count))
        except Interrupted as error:
            limit = [] if share is None else [f"--for {ceil(share * (count + 2 - number))}s"]
            message = f"{run.path} contains everything trained so far"
            hint = f"continue with: {command_text('resume', run.path, *limit)}"
            raise Interrupted(message, error.signal_number, hint) from None
    observer.remarked(f"{count} folds are tested; now the run's own model, trained on all of them")
    keras.backend.clear_session()
    return share


def train_fold(run: RunDirectory, request: ResumeRequest, observer: Observer) -> None:
    """Train the run of a fold, from its start or from where it stopped."""
    # Names of layers are numbered within a process: a fold's are those that it would have alone.
    keras.backend.clear_session()
    gc.collect()
    prepared = prepare(request.config, request.folder, begun=run)
    if run.began:
        with locked(run):
            resume(run, request, prepared, observer)
    else:
        train(
            request.config,
            request.folder,
            prepared,
            lambda: run_at(run.path),
            observer,
            request.seconds,
            request.command,
        )


def config_of_fold(config: Config, number: int) -> Config:
    """The config of the run that is tested on one fold. Raises ValueError where there are none."""
    if config.data is None or config.data.split is None:
        raise ValueError("a config without `data.split` has no folds")
    split = config.data.split.model_copy(update={"fold": number})
    return config.model_copy(update={"data": config.data.model_copy(update={"split": split})})


class FoldObserver:
    """Passes on the progress of a fold, and says of which; of one that had finished, nothing."""

    def __init__(self, observer: Observer, number: int, count: int):
        self.observer, self.name = observer, f"fold {number} of {count}"
        self.began = False
        self.before: list[str] = []
        """Remarks that came before training."""

    def epoch_started(self, state: TrainingState, steps: int) -> None:
        if not self.began:
            self.began = True
            for text in self.before or ["training begins"]:
                self.remarked(text)
        self.observer.epoch_started(state, steps)

    def stepped(self, state: TrainingState, sums: StepSums, examples: int, tokens: int) -> None:
        self.observer.stepped(state, sums, examples, tokens)

    def evaluating(self, split: str, examples: int) -> None:
        self.observer.evaluating(split, examples)

    def evaluated(self, state: TrainingState, line: HistoryLine) -> None:
        self.observer.evaluated(state, line)

    def remarked(self, text: str) -> None:
        if self.began:
            self.observer.remarked(f"{self.name}: {text}")
        else:
            self.before.append(text)
