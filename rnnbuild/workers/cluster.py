"""Jobs done on the nodes of a Ray cluster, which need not share a disk.

A run's folder goes to a node with its job, and comes back at each evaluation, as far as it changed.
So where a node is gone, its runs go on elsewhere from there; where another machine would make
another result of the rest, they begin again, and say so. Needs the extra `ray`.
"""

import logging
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from rnnbuild.data.fingerprint import files_of
from rnnbuild.dependencies import why_not_importable
from rnnbuild.errors import MissingExtraError, RequestError
from rnnbuild.runs.data_file import folder_text, read_data, write_data
from rnnbuild.runs.directory import RunDirectory, locked
from rnnbuild.studies.job import Job, Listener
from rnnbuild.training.setup.pretrained import vectors_file
from rnnbuild.training.setup.start import files_started_from
from rnnbuild.workers.crew import Crew
from rnnbuild.workers.messages import Kind, Message
from rnnbuild.workers.node import News, NodeWorker, Parcel
from rnnbuild.workers.pool import work_with
from rnnbuild.workers.process import PATIENCE_SECONDS
from rnnbuild.workers.run_job import config_for
from rnnbuild.workers.shipment import Shipment, ShippedFolder, unpack

CONNECT_SECONDS = 10.0
NOTHING = Shipment((), {})
AT_ONCE = 4
"""Methods of a node's worker that may run at once: one waits for news while others are called."""


def train_on_cluster(
    listener: Listener, address: str, workers: int | None = None, threads: int = 1
) -> None:
    """Do every job that the listener gives out, on the Ray cluster at `address`, or `auto`.

    There are as many workers as the cluster has room for, with `threads` CPUs each, at most
    `workers`; nodes may come and go. Raises Interrupted as `train_with` does, MissingExtraError
    without Ray, RequestError where there is no cluster.
    """
    ray = import_ray()
    connect(ray, address)

    def room() -> int:
        cpus = int(ray.cluster_resources().get("CPU", 0))
        return max(1, min(cpus // threads, workers or cpus))

    try:
        data = SentFiles(ray)
        work_with(Crew(listener, room, lambda job: RayWorker(ray, threads, data)))
    finally:
        ray.shutdown()


def import_ray() -> Any:
    """Raises MissingExtraError where it cannot be imported."""
    reason = why_not_importable("ray")
    if reason is not None:
        raise MissingExtraError(
            f"a cluster needs Ray, which cannot be imported ({reason})",
            hint='install it: pip install "rnnbuild[ray]"',
        )
    import ray

    return ray


def connect(ray: Any, address: str) -> None:
    """Raises RequestError where there is no cluster at the address."""
    try:
        host, _, port = address.rpartition(":")
        if host and "/" not in host:
            # Ray would try for minutes.
            socket.create_connection((host, int(port)), CONNECT_SECONDS).close()
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    # ValueError: of what is not an address; RuntimeError: of a cluster of another version.
    except (OSError, ValueError, RuntimeError) as error:
        raise RequestError(
            f"there is no Ray cluster at `{address}`: {str(error).partition('. ')[0]}",
            "start one with `ray start --head`, and name the address that it prints",
        ) from None


class SentFiles:
    """Data files in the cluster's store: each is put there once, and fetched once by a node."""

    def __init__(self, ray: Any):
        self.ray = ray
        self._sent: dict[tuple[Path, int, int], Any] = {}

    def objects_for(self, job: Job) -> dict[str, Any]:
        """The files of a job's data, and of the run that it starts from, below its folder, by
        their relative paths.

        One that is elsewhere has to be there on each node too. Raises RnnbuildError, OSError.
        """
        config, folder = config_for(job), job.data_folder
        files = []
        if config.data is not None and config.data.dataset is None:
            files += files_of(config.data, folder)
        if (vectors := vectors_file(config, folder)) is not None:
            files.append(vectors)
        files += files_started_from(config, folder, RunDirectory(job.run))
        inside = [path for path in files if path.is_relative_to(folder)]
        return {str(path.relative_to(folder)): self._object(path) for path in inside}

    def _object(self, path: Path) -> Any:
        status = path.stat()
        key = path, status.st_size, status.st_mtime_ns
        if key not in self._sent:
            self._sent[key] = self.ray.put(path.read_bytes())
        return self._sent[key]


class RayWorker:
    """An actor of the cluster, with the run's folder of this machine."""

    def __init__(self, ray: Any, threads: int, data: SentFiles):
        self.ray, self.data = ray, data
        actor = ray.remote(NodeWorker).options(num_cpus=threads, max_concurrency=AT_ONCE)
        self.actor = actor.remote(threads)
        self.job: Job | None = None
        self.why = ""
        self._closing: Any = None
        self._parcels: SimpleQueue[Parcel | None] = SimpleQueue()
        """Jobs to begin; None is the end."""
        self._held = ExitStack()
        """The lock of the run's folder, which nothing else may write to meanwhile."""

    def begin(self, job: Job) -> None:
        job.run.mkdir(parents=True, exist_ok=True)
        self._held.enter_context(locked(RunDirectory(job.run)))
        try:
            run = ShippedFolder(job.run).news() if RunDirectory(job.run).began else NOTHING
            parcel = Parcel(job, job.config.read_bytes(), run, self.data.objects_for(job))
        except BaseException:
            self._held.close()
            raise
        self.job = job
        self._parcels.put(parcel)

    def say(self, kind: Kind, content: Any = None) -> None:
        self.actor.say.remote(kind, content)

    def messages(self) -> Iterator[Message]:
        with self._held:
            try:
                while (parcel := self._parcels.get()) is not None:
                    yield from self.messages_about(parcel)
            except self.ray.exceptions.RayTaskError as error:
                # A mistake of ours, which would be made elsewhere too.
                yield "ended", {"error": str(error), "fit": False}
            except self.ray.exceptions.RayError as error:
                self.why = f"its node is gone ({type(error).__name__})"
            except OSError as error:
                self.why = f"what came from its node cannot be written: {error}"

    def messages_about(self, parcel: Parcel) -> Iterator[Message]:
        """What is said of a job. Raises RayError, OSError."""
        self.ray.get(self.actor.begin.remote(parcel))
        while True:
            news: News = self.ray.get(self.actor.news.remote())
            self.receive(news)
            if news.message is None:
                self.why = news.why
                self._parcels.put(None)
                return
            if news.message[0] == "ended":
                self._held.close()
                yield news.message
                return
            yield news.message

    def receive(self, news: News) -> None:
        """Bring log and folder here up to date. Raises OSError."""
        assert self.job is not None
        with self.job.log.open("ab") as stream:
            stream.write(news.log)
        if news.run is None or not news.run.names:
            return
        unpack(news.run, self.job.run)
        if "data.json" in news.run.contents:
            # Where the data are on this machine, not where they were on the node.
            run = RunDirectory(self.job.run)
            here = folder_text(self.job.data_folder)
            write_data(run, replace(read_data(run), folder=here))

    def why_it_ended(self, job: Job) -> str:
        return f"{self.why}; see {job.log}"

    def dismiss(self) -> None:
        self._parcels.put(None)
        self._closing = self.actor.close.remote()

    def wait(self) -> None:
        with suppress(self.ray.exceptions.RayError):
            self.ray.get(self._closing or self.actor.close.remote(), timeout=PATIENCE_SECONDS)
        self.ray.kill(self.actor)
