"""A worker that is a process of this machine."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from signal import Signals
from typing import Any

from rnnbuild.studies.job import Job
from rnnbuild.workers.messages import Kind, Message, line_of, message_in, plain_job

COMMAND = (sys.executable, "-P", "-m", "rnnbuild.workers.worker")
PATIENCE_SECONDS = 30.0
"""How long it may take to end that has nothing to do, or whose asker failed."""


class WorkerProcess:
    """The process, and the two pipes to it."""

    def __init__(self, log: Path, environment: Mapping[str, str]):
        """Starts it; it writes to `log` until it has a job. Raises OSError."""
        with log.open("ab") as stream:
            self.process = subprocess.Popen(
                COMMAND,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stream,
                env={**os.environ, **environment},
                # Ctrl-C reaches whoever asks alone, which stops the workers in its own way.
                start_new_session=True,
            )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._to, self._from = self.process.stdin, self.process.stdout

    def begin(self, job: Job) -> None:
        self.say("train", plain_job(job))

    def say(self, kind: Kind, content: Any = None) -> None:
        with suppress(BrokenPipeError):
            self._to.write(line_of(kind, content))
            self._to.flush()

    def messages(self) -> Iterator[Message]:
        for line in self._from:
            # A killed worker's last line may have no end, and says nothing.
            if line.endswith(b"\n"):
                yield message_in(line)

    def why_it_ended(self, job: Job) -> str:
        code = self.process.wait()
        if code >= 0:
            return f"its worker ended with exit code {code}; see {job.log}"
        name = Signals(-code).name
        reason = ", as the system does where memory runs out" if name == "SIGKILL" else ""
        return f"its worker was killed by {name}{reason}; see {job.log}"

    def dismiss(self) -> None:
        with suppress(BrokenPipeError):
            self._to.close()

    def wait(self) -> None:
        try:
            self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
