"""A worker: a process that trains one run after another, for whoever started it.

    python -m rnnbuild.workers.worker

It reads messages from its standard input and writes them to its standard output, as they were when
it began. TensorFlow is loaded once. Where the asking process ends, the run is stopped with a
checkpoint, and so is the worker.
"""

import _thread
import atexit
import gc
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from signal import SIGTERM, signal
from typing import IO, Any

from rnnbuild.runs.history import HistoryLine
from rnnbuild.studies.job import Job
from rnnbuild.typed_values import to_plain
from rnnbuild.workers.last_data import LastData
from rnnbuild.workers.messages import Kind, job_from, line_of, message_in
from rnnbuild.workers.run_job import do_job

STOPPED = 128 + SIGTERM
JOBS = 25
"""Jobs after which another process takes over: TensorFlow never frees a graph, some 14 MB a job."""


def main() -> None:
    """Do jobs until there is nobody left who asks for them."""
    # As the program does (`rnnbuild/cli/__init__.py`).
    gc.set_threshold(100_000, 50, 100)
    atexit.register(gc.freeze)
    # As an exception, so that nothing unfinished is left; the loop of training has its own way.
    signal(SIGTERM, lambda number, frame: sys.exit(STOPPED))
    asker, data = AskingProcess(*own_pipes()), LastData()
    for number, job in enumerate(asker.jobs(), 1):
        write_to(job.log)
        done = do_job(job, asker, data)
        fit = done.fit and number < JOBS
        asker.send("ended", {**to_plain(done.ended), "fit": fit})
        if not fit:
            break
    sys.stderr.flush()
    os._exit(0)


def own_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Standard input and output under other numbers: nothing else reads or writes these."""
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return incoming, outgoing


def write_to(log: Path) -> None:
    """Whatever this process prints from now on is added to `log`."""
    with log.open("ab", buffering=0) as stream:
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(stream.fileno(), 1)
        os.dup2(stream.fileno(), 2)


class AskingProcess:
    """The other end of the pipes."""

    def __init__(self, incoming: IO[bytes], outgoing: IO[bytes]):
        self._outgoing = outgoing
        self._inbox: SimpleQueue[Any] = SimpleQueue()
        """Jobs and answers; None is the end."""
        threading.Thread(target=self._listen, args=(incoming,), daemon=True).start()

    def _listen(self, incoming: IO[bytes]) -> None:
        """Runs in a thread of its own, since the main thread trains meanwhile."""
        stopped = False
        for line in incoming:
            kind, content = message_in(line)
            if kind == "stop":
                stopped = True
                _thread.interrupt_main(SIGTERM)
            else:
                self._inbox.put(content)
        if stopped:
            # Whoever asks does not wait for the checkpoint: a second Ctrl-C.
            os._exit(STOPPED)
        # One for whoever waits for an answer, whom the signal may interrupt after taking it, and
        # one for whoever waits for a job.
        self._inbox.put(None)
        self._inbox.put(None)
        _thread.interrupt_main(SIGTERM)

    def jobs(self) -> Iterator[Job]:
        """Each job as it comes, until the asking process closes the pipe or ends."""
        while (content := self._inbox.get()) is not None:
            yield job_from(content)

    def goes_on(self, line: HistoryLine) -> bool:
        self.send("evaluated", to_plain(line))
        answer = self._inbox.get()
        if answer is None:
            # The end: this thread is interrupted, and there is no further job either.
            self._inbox.put(None)
        return answer is not False

    def remark(self, text: str) -> None:
        self.send("remarked", text)

    def send(self, kind: Kind, content: Any) -> None:
        """Send a message. Where nobody reads it any more, the pipe from there ends too."""
        with suppress(BrokenPipeError):
            self._outgoing.write(line_of(kind, content))
            self._outgoing.flush()


if __name__ == "__main__":
    main()
