"""states.json: how far each run of a study has come."""

from dataclasses import dataclass
from typing import Literal

from rnnbuild.runs.record import RecordFile, is_there
from rnnbuild.runs.study.directory import StudyDirectory
from rnnbuild.typed_values import Count

State = Literal["waiting", "running", "done", "failed"]


@dataclass(frozen=True, kw_only=True)
class RunState:
    """The state of one run. One that is `running` in a study on which no process works was cut
    short, and goes on."""

    state: State
    attempts: Count = 0
    """How often it was begun or continued."""
    error: str | None = None
    """Why it failed; its log has more."""


@dataclass(frozen=True, kw_only=True)
class States:
    """The states of all runs that are not waiting for their first attempt, by their names."""

    runs: dict[str, RunState]


STATES = RecordFile(States, "delete it: finished runs are found again")


def read_states(study: StudyDirectory) -> States:
    """None of any run where there is no file yet. Raises RunError where the file is damaged."""
    return STATES.read(study.states) if is_there(study.states) else States(runs={})


def write_states(study: StudyDirectory, states: States) -> None:
    """Raises OSError."""
    STATES.write(study.states, states)
