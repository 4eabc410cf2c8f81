"""Where a run stands: all that the loop knows besides weights, optimizer and random seeds."""

from dataclasses import asdict, dataclass
from typing import Any

from rnnbuild.training.step import StepSums


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
    best_score: float | None = None
    """Of the metric that early stopping watches, or else of the task's main one."""
    best_epoch: int = 0
    waited: int = 0
    """Evaluations since the best."""
    learning_rate_factor: float = 1.0
    """What a plateau schedule has left of the learning rate."""
    seconds: float = 0.0
    """Wall time so far; the one thing in which equal runs may differ."""

    def add(self, sums: StepSums) -> None:
        self.step += 1
        self.steps += 1
        self.loss += sums.loss
        self.weight += sums.weight
        self.right += sums.right
        self.penalty += sums.penalty

    def end_epoch(self) -> None:
        self.epoch += 1
        self.step = 0
        self.loss = self.weight = self.right = self.penalty = 0.0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
