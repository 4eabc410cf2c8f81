"""A job, done in this process: its run is trained, or goes on where it was.

TensorFlow is loaded once the data is read, so that a wrong config fails before.
"""

from __future__ import annotations

import gc
import signal
import sys
import traceback
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic, sleep
from typing import TYPE_CHECKING, Protocol

from rnnbuild.config.keys import with_settings
from rnnbuild.config.load import checked, read_config
from rnnbuild.config.schema import Config
from rnnbuild.config.settings import setting_from_program
from rnnbuild.errors import Interrupted, RnnbuildError
from rnnbuild.models.loading import load_frameworks
from rnnbuild.runs.config_file import config_of_run
from rnnbuild.runs.directory import RunDirectory, in_use, locked, run_at
from rnnbuild.runs.history import HistoryLine
from rnnbuild.studies.job import Ended, Job
from rnnbuild.training.setup.prepare import prepare
from rnnbuild.workers.last_data import LastData

if TYPE_CHECKING:
    from rnnbuild.training.progress.state import TrainingState
    from rnnbuild.training.steps.step import StepSums

LEFT_BEHIND_SECONDS = 60.0
"""How long a worker whose asking process was killed may take to end a step and save it."""


class Asker(Protocol):
    """Whoever asked for the job, as far as its run is concerned."""

    def goes_on(self, line: HistoryLine) -> bool:
        """Whether the run is to go on after an evaluation; waits for the answer."""

    def remark(self, text: str) -> None:
        """Passes on something the user should know."""


@dataclass(frozen=True)
class Done:
    """How a job ended, and whether this process is fit for another."""

    ended: Ended
    fit: bool = True


def do_job(job: Job, asker: Asker, data: LastData) -> Done:
    """Train the job's run to its end; what it has to say goes to standard error.

    SIGTERM stops it as any training, and so does an answer of the asker.
    """
    say(f"--- {datetime.now():%Y-%m-%d %H:%M:%S} {job.name}")
    reports = Reports(asker)
    try:
        train_or_resume(job, reports, data)
    except Interrupted as error:
        say(str(error))
        return Done(Ended(cut=not reports.stopped))
    except RnnbuildError as error:
        say(str(error))
        # The rest, with its place and its hint, is in the log.
        return Done(Ended(error=error.problems[0].message))
    # Whatever it is, it costs this run alone; what else it did to this process is not known.
    except Exception as error:
        traceback.print_exc()
        return Done(Ended(error=f"{type(error).__name__}: {error}; see {job.log}"), fit=False)
    return Done(Ended())


def train_or_resume(job: Job, reports: Reports, data: LastData) -> None:
    """Train the run in the job's folder, to the bit as `rnnbuild train` and `resume` do.

    Raises the errors of training, and Interrupted once it is stopped and saved.
    """
    run = RunDirectory(job.run)
    wait_until_free(run)
    if run.metrics.is_file():
        say("it had finished already")
        return
    config = config_for(job)
    prepared = prepare(config, job.data_folder, data.load, run)
    if not job.scores_test:
        prepared = replace(prepared, scored=("validation",))
    for note in prepared.data.notes:
        say(note)
    load_frameworks()

    from rnnbuild.models.framework import keras
    from rnnbuild.training.folds import resume_whole, train_whole
    from rnnbuild.training.resume import ResumeRequest

    # What an earlier job left in Keras: the numbers in names of layers, and its model, which refers
    # to itself.
    keras.backend.clear_session()
    gc.collect()
    if run.began:
        request = ResumeRequest(
            config, job.data_folder, total_seconds=job.seconds, begin_again=True
        )
        with locked(run):
            resume_whole(run, request, prepared, reports)
    else:
        train_whole(
            config, job.data_folder, prepared, lambda: run_at(job.run), reports, job.seconds
        )


def wait_until_free(run: RunDirectory) -> None:
    """Wait, but not for ever, for a worker that lost whoever asked and saves the run."""
    deadline = monotonic() + LEFT_BEHIND_SECONDS
    while in_use(run) and monotonic() < deadline:
        sleep(0.05)


def config_for(job: Job) -> Config:
    """The config of a run that began, else the job's with its seed. Raises RequestError."""
    run = RunDirectory(job.run)
    if run.began:
        return config_of_run(run)
    seed = setting_from_program("training.seed", job.seed)
    tree, _ = with_settings(read_config(job.config), [seed])
    return checked(tree)


def say(text: str) -> None:
    """Write a line to the log."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


class Reports:
    """What the loop reports, as far as the asker is to know."""

    def __init__(self, asker: Asker):
        self.asker = asker
        self.stopped = False
        """Whether the asker ended the run."""

    def epoch_started(self, state: TrainingState, steps: int) -> None: ...

    def stepped(self, state: TrainingState, sums: StepSums, examples: int, tokens: int) -> None: ...

    def evaluating(self, split: str, examples: int) -> None: ...

    def evaluated(self, state: TrainingState, line: HistoryLine) -> None:
        if not self.asker.goes_on(line):
            self.stopped = True
            # As Ctrl-C does: the loop saves a checkpoint next, and ends.
            signal.raise_signal(signal.SIGTERM)

    def remarked(self, text: str) -> None:
        say(text)
        self.asker.remark(text)
