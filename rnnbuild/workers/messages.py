"""What the asking process and its workers say to each other: JSON, a message a line.

to a worker        train: a job      go_on: true or false, to `evaluated`      stop
from a worker      evaluated: a line of the history      remarked: a sentence      ended
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from rnnbuild.studies.job import Job

Kind = Literal["train", "go_on", "stop", "evaluated", "remarked", "ended"]
Message = tuple[Kind, Any]

PATHS = ("run", "config", "data_folder", "log")
"""The fields of a job that are paths."""


def line_of(kind: Kind, content: Any = None) -> bytes:
    """A message as a line; `content` is a plain value."""
    return json.dumps([kind, content]).encode() + b"\n"


def message_in(line: bytes) -> Message:
    """The message of a line."""
    kind, content = json.loads(line)
    return kind, content


def plain_job(job: Job) -> dict[str, Any]:
    """A job as plain values. Its paths are absolute, wherever the worker is."""
    return {**asdict(job), **{name: str(getattr(job, name).absolute()) for name in PATHS}}


def job_from(content: dict[str, Any]) -> Job:
    """The inverse of `plain_job`."""
    return Job(**{**content, **{name: Path(content[name]) for name in PATHS}})
