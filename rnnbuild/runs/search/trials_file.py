"""trials.json: each trial of a search, recorded before its run begins and again at its end."""

from dataclasses import dataclass
from typing import Literal

from rnnbuild.runs.record import RecordFile, is_there
from rnnbuild.runs.search.directory import SearchDirectory
from rnnbuild.typed_values import Positive

TrialState = Literal["running", "done", "pruned", "failed"]


@dataclass(frozen=True, kw_only=True)
class EpochScore:
    """The validation score at the end of an epoch."""

    epoch: Positive
    value: float


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One trial. What is `running` in a search on which no process works was cut short."""

    number: Positive
    parameters: dict[str, int | float | str]
    """By key: a number of a range, or one of a choice's alternatives as the plan writes it."""
    state: TrialState
    scores: tuple[EpochScore, ...] = ()
    """Of each epoch whose score is defined, in order; of a pruned trial up to its last. Empty
    while it is running."""
    value: float | None = None
    """The score of the weights that were kept; of a pruned trial that of its last epoch."""
    error: str | None = None
    """Why it failed; its log has more."""
    same_as: Positive | None = None
    """The trial with the same config whose result this is; it was not trained again."""

    def __post_init__(self) -> None:
        """Raises ValueError where a trial that has ended lacks what its state says."""
        if self.state in ("done", "pruned") and self.value is None:
            raise ValueError(f"trial {self.number} is {self.state} and has no value")
        if self.state == "pruned" and not self.scores:
            raise ValueError(f"trial {self.number} is pruned and has no scores")


@dataclass(frozen=True, kw_only=True)
class Trials:
    """All trials that began, by number from 1."""

    trials: tuple[Trial, ...]

    def __post_init__(self) -> None:
        """Raises ValueError where a number is missing or there twice."""
        if [trial.number for trial in self.trials] != list(range(1, len(self.trials) + 1)):
            raise ValueError("the trials are not numbered from 1 on")


TRIALS = RecordFile(Trials, "restore it from a copy, or begin a new search")


def read_trials(search: SearchDirectory) -> tuple[Trial, ...]:
    """None where there is no file yet. Raises RunError where it is damaged."""
    return TRIALS.read(search.trials).trials if is_there(search.trials) else ()


def write_trials(search: SearchDirectory, trials: tuple[Trial, ...]) -> None:
    """Raises OSError."""
    TRIALS.write(search.trials, Trials(trials=trials))
