"""Where a run stands: all that the loop knows besides weights, optimizer and random seeds."""

from dataclasses import asdict, dataclass, field
from typing import Any

from rnnbuild.training.steps.step import StepSums


@dataclass
class Best:
    """The best evaluation so far, by the metric that early stopping watches, or the main one."""

    score: float | None = None
    steps: int = 0
    """After which it was made; the checkpoint of that step holds its weights."""
    epoch: int = 0
    """Whole epochs done by then."""
    waited: int = 0
    """Evaluations since."""


@dataclass
class Plateau:
    """What a plateau schedule remembers of the evaluations."""

    best: float | None = None
    waited: int = 0
    cooldown: int = 0
    factor: float = 1.0
    """What is left of the learning rate."""


@dataclass
class TrainingState:
    """Counts from 0; a checkpoint holds all of it, so that a continued run is the same run."""

    epoch: int = 0
    """Whole epochs done."""
    step: int = 0
    """Steps done of the epoch under way."""
    steps: int = 0
    """Steps done in all."""
    loss: float = 0.0
    """Sums over the epoch under way, in the order of its steps."""
    weight: float = 0.0
    right: float = 0.0
    penalty: float = 0.0
    history_lines: int = 0
    history: list[str] = field(default_factory=list)
    """The text of each of those lines, so that a checkpoint needs no other file. Empty in
    checkpoints of version 0.1, whose lines are in the run's folder alone."""
    timings: list[str] = field(default_factory=list)
    """Likewise of the wall times, in which equal runs may differ."""
    evaluation_due: bool = False
    """Whether an evaluation follows these steps, and was not made yet."""
    best: Best = field(default_factory=Best)
    plateau: Plateau = field(default_factory=Plateau)
    seconds: float = 0.0
    """Wall time so far; equal runs may differ in it."""

    def add(self, sums: StepSums) -> None:
        self.step += 1
        self.steps += 1
        self.loss += sums.loss
        self.weight += sums.weight
        self.right += sums.correct
        self.penalty += sums.penalty

    def end_epoch(self) -> None:
        self.epoch += 1
        self.step = 0
        self.loss = self.weight = self.right = self.penalty = 0.0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def state_from_json(values: dict[str, Any]) -> TrainingState:
    """Raises TypeError or KeyError where the values are not those of a state."""
    inner = {"best": Best(**values["best"]), "plateau": Plateau(**values["plateau"])}
    return TrainingState(**{**values, **inner})
