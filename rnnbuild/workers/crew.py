"""Jobs given out to workers, wherever these are, and what comes of them.

A worker that crashes or is killed costs its run, which can go on, and another takes its place. Only
the thread that calls `Crew.work` calls the listener.
"""

import threading
from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from typing import Any, Protocol

from rnnbuild.errors import RnnbuildError
from rnnbuild.runs.history import HistoryLine
from rnnbuild.studies.job import Ended, Job, Listener
from rnnbuild.training.progress.interruption import StopRequest
from rnnbuild.typed_values import from_plain
from rnnbuild.workers.messages import Kind, Message

LOOK_SECONDS = 0.2
"""How often a stop request is looked for while no worker has anything to say."""


class Worker(Protocol):
    """Trains one run after another."""

    def begin(self, job: Job) -> None:
        """Begin a job. Raises OSError, RnnbuildError."""

    def say(self, kind: Kind, content: Any = None) -> None:
        """Send a message. That a worker is gone is noticed where its messages end."""

    def messages(self) -> Iterator[Message]:
        """What it says, until it is gone. Read by a thread of its own."""

    def why_it_ended(self, job: Job) -> str:
        """Why it is gone that had a job."""

    def dismiss(self) -> None:
        """There is nothing more to do; a job that it has is to be saved."""

    def wait(self) -> None:
        """Wait until it is gone, and help where that takes too long."""


class Crew:
    """The workers there are, each with the job that it has, if any."""

    def __init__(
        self, listener: Listener, most: Callable[[], int], new_worker: Callable[[Job], Worker]
    ):
        """`most` is how many jobs may run at once; `new_worker` is called with its first job, and
        raises OSError."""
        self.listener, self.most, self.new_worker = listener, most, new_worker
        self.jobs: dict[Worker, Job | None] = {}
        self.inbox: SimpleQueue[tuple[Worker, Message | None]] = SimpleQueue()
        """What workers said; None where one is gone."""
        self.leaving: list[Worker] = []
        """Those that get no more jobs, and are not gone yet."""

    @property
    def busy(self) -> int:
        return sum(job is not None for job in self.jobs.values())

    def work(self, stop: StopRequest) -> None:
        """Give out jobs and handle messages until all is done, or stopped."""
        stopping, most = False, self.most()
        self.give_out(most)
        while self.busy:
            if stop.requested and not stopping:
                stopping = True
                for worker in self.jobs:
                    worker.say("stop")
            try:
                self.handle(*self.inbox.get(timeout=LOOK_SECONDS))
            except Empty:
                if self.most() <= most:
                    continue
            most = self.most()
            if not stopping:
                self.give_out(most)

    def give_out(self, most: int) -> None:
        """Give jobs to workers that have none, and to new ones, as long as there are both."""
        while self.busy < most:
            job = self.listener.next_job()
            if job is None:
                self.dismiss_idle()
                return
            try:
                job.log.parent.mkdir(parents=True, exist_ok=True)
                worker = self.free_worker(job)
                self.listener.started(job)
                worker.begin(job)
            except OSError as error:
                problem = f"no worker can begin with {job.name}: {error.strerror or error}"
                self.listener.ended(job, Ended(error=problem))
            except RnnbuildError as error:
                self.listener.ended(job, Ended(error=str(error)))
            else:
                self.jobs[worker] = job

    def dismiss_idle(self) -> None:
        """End those without a job: they hold memory, and on a cluster a place that others need."""
        for worker in [worker for worker, job in self.jobs.items() if job is None]:
            self.let_go(worker)

    def let_go(self, worker: Worker) -> None:
        """Give a worker no more jobs."""
        del self.jobs[worker]
        self.leaving.append(worker)
        worker.dismiss()

    def free_worker(self, job: Job) -> Worker:
        """A worker without a job, a new one if need be. Raises OSError."""
        for worker, having in self.jobs.items():
            if having is None:
                return worker
        worker = self.new_worker(job)
        self.jobs[worker] = None
        threading.Thread(target=self.listen, args=(worker,), daemon=True).start()
        return worker

    def listen(self, worker: Worker) -> None:
        """Runs in a thread: pass a worker's messages on until it is gone."""
        for message in worker.messages():
            self.inbox.put((worker, message))
        self.inbox.put((worker, None))

    def handle(self, worker: Worker, message: Message | None) -> None:
        """Pass a message on to the listener; a worker that is gone is forgotten, its job cut."""
        job = self.jobs.get(worker)
        if message is None:
            self.jobs.pop(worker, None)
            if worker in self.leaving:
                self.leaving.remove(worker)
            worker.wait()
            if job is not None:
                self.listener.ended(job, Ended(error=worker.why_it_ended(job), cut=True))
            return
        kind, content = message
        assert job is not None, kind
        if kind == "evaluated":
            line: HistoryLine = from_plain(HistoryLine, content)
            worker.say("go_on", self.listener.evaluated(job, line))
        elif kind == "remarked":
            self.listener.remarked(job, content)
        else:
            fit = content.pop("fit")
            self.jobs[worker] = None
            if not fit:
                self.let_go(worker)
            self.listener.ended(job, Ended(**content))

    def close(self) -> None:
        """End all workers: one with a job, which is there after an error alone, saves it first."""
        for worker in self.jobs:
            worker.dismiss()
        for worker in [*self.jobs, *self.leaving]:
            worker.wait()
