"""Jobs done by processes of this machine, each of which trains one run at a time.

A worker that crashes or is killed costs its run, which can go on, and another takes its place. Only
the thread that calls `train_with` calls the listener. TensorFlow is not loaded here.
"""

import os
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from signal import Signals
from typing import Any

from rnnbuild.errors import Interrupted
from rnnbuild.runs.history import HistoryLine
from rnnbuild.studies.job import Ended, Job, Listener
from rnnbuild.threads import environment_for, processors
from rnnbuild.training.progress.interruption import StopRequest, stop_requests
from rnnbuild.typed_values import from_plain
from rnnbuild.workers.messages import Kind, Message, line_of, message_in, plain_job

COMMAND = (sys.executable, "-P", "-m", "rnnbuild.workers.worker")
LOOK_SECONDS = 0.2
"""How often a stop request is looked for while no worker has anything to say."""
PATIENCE_SECONDS = 30.0
"""How long a worker may take to end that has nothing to do, or whose study failed."""


def train_with(listener: Listener, workers: int, threads: int | None = None) -> None:
    """Do every job that the listener gives out, in `workers` processes of `threads` threads each.

    By default they share the CPUs evenly, and one worker is as the program is. Returns when the
    listener has no job and none is running. Raises Interrupted after Ctrl-C or SIGTERM: the jobs
    were cut then, each with a checkpoint.
    """
    if threads is None and workers > 1:
        threads = max(1, processors() // workers)
    pool = Pool(listener, workers, {} if threads is None else environment_for(threads))
    with stop_requests() as stop:
        try:
            pool.work(stop)
        finally:
            pool.close()
    if stop.signal_number is not None:
        raise Interrupted(
            "the runs contain everything trained so far",
            stop.signal_number,
            "run the same command again to continue",
        )


@dataclass(eq=False)
class Worker:
    """A process, and the job that it has."""

    process: subprocess.Popen[bytes]
    job: Job | None

    def send(self, kind: Kind, content: Any = None) -> None:
        """Send a message. That a worker is gone is noticed where its messages end."""
        stream = self.process.stdin
        assert stream is not None
        with suppress(BrokenPipeError):
            stream.write(line_of(kind, content))
            stream.flush()


class Pool:
    """The workers there are, each with a thread that waits for its messages."""

    def __init__(self, listener: Listener, most: int, environment: dict[str, str]):
        self.listener, self.most, self.environment = listener, most, environment
        self.workers: list[Worker] = []
        self.inbox: SimpleQueue[tuple[Worker, Message | None]] = SimpleQueue()
        """What workers said; None where one has ended."""

    def work(self, stop: StopRequest) -> None:
        """Give out jobs and handle messages until all is done, or stopped."""
        self.give_out()
        stopping = False
        while any(worker.job for worker in self.workers):
            if stop.requested and not stopping:
                stopping = True
                for worker in self.workers:
                    worker.send("stop")
            try:
                worker, message = self.inbox.get(timeout=LOOK_SECONDS)
            except Empty:
                continue
            self.handle(worker, message)
            if not stopping:
                self.give_out()

    def give_out(self) -> None:
        """Give jobs to workers that have none, and to new ones, as long as there are both."""
        while sum(worker.job is not None for worker in self.workers) < self.most:
            job = self.listener.next_job()
            if job is None:
                return
            worker = next((one for one in self.workers if one.job is None), None)
            try:
                job.log.parent.mkdir(parents=True, exist_ok=True)
                if worker is None:
                    worker = self.new_worker(job.log)
            except OSError as error:
                problem = f"no worker can begin with {job.log}: {error.strerror}"
                self.listener.ended(job, Ended(error=problem))
                continue
            worker.job = job
            self.listener.started(job)
            worker.send("train", plain_job(job))

    def new_worker(self, log: Path) -> Worker:
        """Start a worker, which writes to `log` until it has a job. Raises OSError."""
        with log.open("ab") as stream:
            process = subprocess.Popen(
                COMMAND,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stream,
                env={**os.environ, **self.environment},
                # Ctrl-C reaches whoever asks alone, which stops the workers in its own way.
                start_new_session=True,
            )
        worker = Worker(process, None)
        self.workers.append(worker)
        threading.Thread(target=self.listen, args=(worker,), daemon=True).start()
        return worker

    def listen(self, worker: Worker) -> None:
        """Runs in a thread: pass a worker's messages on until it ends."""
        stream = worker.process.stdout
        assert stream is not None
        for line in stream:
            # A killed worker's last line may have no end, and says nothing.
            if line.endswith(b"\n"):
                self.inbox.put((worker, message_in(line)))
        self.inbox.put((worker, None))

    def handle(self, worker: Worker, message: Message | None) -> None:
        """Pass a message on to the listener; a worker that ended is forgotten, and its job cut."""
        job = worker.job
        if message is None:
            self.workers.remove(worker)
            code = worker.process.wait()
            if job is not None:
                self.listener.ended(job, Ended(error=death_text(code, job), cut=True))
            return
        kind, content = message
        assert job is not None, kind
        if kind == "evaluated":
            line: HistoryLine = from_plain(HistoryLine, content)
            worker.send("go_on", self.listener.evaluated(job, line))
        elif kind == "remarked":
            self.listener.remarked(job, content)
        else:
            worker.job = None
            if not content.pop("fit"):
                self.workers.remove(worker)
            self.listener.ended(job, Ended(**content))

    def close(self) -> None:
        """End all workers: one with a job, which is there after an error alone, saves it first."""
        for worker in self.workers:
            stream = worker.process.stdin
            assert stream is not None
            with suppress(BrokenPipeError):
                stream.close()
        for worker in self.workers:
            try:
                worker.process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()


def death_text(code: int, job: Job) -> str:
    """Why a worker ended that had a job."""
    if code >= 0:
        return f"its worker ended with exit code {code}; see {job.log}"
    name = Signals(-code).name
    reason = ", as the system does where memory runs out" if name == "SIGKILL" else ""
    return f"its worker was killed by {name}{reason}; see {job.log}"
