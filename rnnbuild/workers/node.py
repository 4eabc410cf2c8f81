"""A worker on a node of a cluster: a process there, and a folder in which its runs are trained.

Files come and go by messages, so that nodes need not share a disk.
"""

import hashlib
import os
import shutil
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from rnnbuild.leftovers import new_held_folder, release, sweep
from rnnbuild.studies.job import Job
from rnnbuild.threads import environment_for
from rnnbuild.workers.messages import Kind, Message
from rnnbuild.workers.process import WorkerProcess
from rnnbuild.workers.shipment import Shipment, ShippedFolder, emptied, unpack

PREFIX = "rnnbuild-worker-"


@dataclass(frozen=True)
class Parcel:
    """A job, and the files that it needs."""

    job: Job
    """Its paths are those of the asking machine."""
    config: bytes
    run: Shipment
    data: Mapping[str, Any]
    """Data files, by their paths relative to the data's folder: objects of the cluster's store."""


@dataclass(frozen=True)
class News:
    """What a worker said, None where it is gone, and what there is since it last said something."""

    message: Message | None
    log: bytes
    run: Shipment | None = None
    """What changed in the run's folder; None where it may be about to change."""
    why: str = ""
    """Why it is gone."""


class NodeWorker:
    """Runs in a process of the cluster, an actor. Each method may be called while others wait."""

    def __init__(self, threads: int):
        self.threads = threads
        parent = Path(tempfile.gettempdir())
        sweep(parent.glob(f"{PREFIX}*"))
        self.folder = new_held_folder(parent, PREFIX)
        self.run, self.logged = ShippedFolder(self.folder / "run"), 0
        self.process: WorkerProcess | None = None
        self.inbox: SimpleQueue[Message | None] = SimpleQueue()

    def begin(self, parcel: Parcel) -> None:
        """Unpack a job and begin it; that this fails is a message too."""
        try:
            self.asked = self.job = parcel.job
            self.job = self.unpacked(parcel)
            if self.process is None:
                self.process = WorkerProcess(self.job.log, environment_for(self.threads))
                threading.Thread(target=self.listen, args=(self.process,), daemon=True).start()
            self.process.begin(self.job)
        except OSError as error:
            problem = f"{parcel.job.name} cannot be written on its node: {error.strerror}"
            self.inbox.put(("ended", {"error": problem, "cut": False, "fit": True}))

    def unpacked(self, parcel: Parcel) -> Job:
        """The job with the paths that it has here. Raises OSError."""
        asked = parcel.job
        job = replace(
            asked,
            run=emptied(self.folder / "run") / asked.run.name,
            config=emptied(self.folder / "config") / asked.config.name,
            data_folder=self.folder / "data" / short_name(asked.data_folder),
            log=emptied(self.folder / "log") / asked.log.name,
        )
        job.config.write_bytes(parcel.config)
        job.data_folder.mkdir(parents=True, exist_ok=True)
        for name, content in fetched(parcel.data).items():
            path = job.data_folder / name
            if not path.is_file() or path.read_bytes() != content:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        if parcel.run.names:
            unpack(parcel.run, job.run)
        self.run, self.logged = ShippedFolder(job.run), 0
        self.run.news()
        return job

    def listen(self, process: WorkerProcess) -> None:
        for message in process.messages():
            self.inbox.put(message)
        self.inbox.put(None)

    def news(self) -> News:
        """What the worker says next; waits for it."""
        message = self.inbox.get()
        log = self.log()
        if message is None:
            assert self.process is not None
            why = self.as_asked(self.process.why_it_ended(self.job))
            return News(None, log, self.run.news(), why)
        kind, content = message
        if kind == "remarked":
            return News((kind, self.as_asked(content)), log)
        if kind == "ended" and "error" in content:
            content["error"] = self.as_asked(content["error"])
        # The process waits for an answer, or is done: nothing writes to the folder.
        return News(message, log, self.run.news())

    def log(self) -> bytes:
        """What was added to the log."""
        try:
            added = self.job.log.read_bytes()[self.logged :]
        except OSError:
            return b""
        self.logged += len(added)
        return self.as_asked(added.decode("utf-8", "replace")).encode()

    def as_asked(self, text: str) -> str:
        """A text with the paths of the asking machine."""
        for name in ("run", "config", "data_folder", "log"):
            text = text.replace(str(getattr(self.job, name)), str(getattr(self.asked, name)))
        return text

    def say(self, kind: Kind, content: Any) -> None:
        if self.process is not None:
            self.process.say(kind, content)

    def close(self) -> None:
        """End the process, and delete the folder."""
        if self.process is not None:
            self.process.dismiss()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
        release(self.folder)


def fetched(objects: Mapping[str, Any]) -> dict[str, bytes]:
    """Objects of the cluster's store; each comes to a node once."""
    if not objects:
        return {}
    import ray

    return dict(zip(objects, ray.get(list(objects.values())), strict=True))


def short_name(folder: Path) -> str:
    """A name for a folder of another machine."""
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
