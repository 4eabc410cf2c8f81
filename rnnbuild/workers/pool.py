"""Jobs done by processes of this machine, each of which trains one run at a time.

TensorFlow is not loaded here.
"""

from rnnbuild.errors import Interrupted
from rnnbuild.studies.job import Job, Listener
from rnnbuild.threads import environment_for, processors
from rnnbuild.training.progress.interruption import stop_requests
from rnnbuild.workers.crew import Crew
from rnnbuild.workers.process import WorkerProcess


def train_with(listener: Listener, workers: int, threads: int | None = None) -> None:
    """Do every job that the listener gives out, in `workers` processes of `threads` threads each.

    By default they share the CPUs evenly, and one worker is as the program is. Returns when the
    listener has no job and none is running. Raises Interrupted after Ctrl-C or SIGTERM: the jobs
    were cut then, each with a checkpoint.
    """
    if threads is None and workers > 1:
        threads = max(1, processors() // workers)
    environment = {} if threads is None else environment_for(threads)

    def new_worker(job: Job) -> WorkerProcess:
        return WorkerProcess(job.log, environment)

    work_with(Crew(listener, lambda: workers, new_worker))


def work_with(crew: Crew) -> None:
    """Let a crew do its work, and end it. Raises Interrupted."""
    with stop_requests() as stop:
        try:
            crew.work(stop)
        finally:
            crew.close()
    if stop.signal_number is not None:
        raise Interrupted(
            "the runs contain everything trained so far",
            stop.signal_number,
            "run the same command again to continue",
        )
