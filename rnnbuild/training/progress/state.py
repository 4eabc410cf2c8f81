"""The progress of a run: everything that the loop knows besides weights, optimizer and seeds."""

import json
import math
from dataclasses import asdict, dataclass, field
from typing import Any

from rnnbuild.training.steps.step import StepSums


@dataclass
class Best:
    """The best evaluation so far, by the metric that early stopping watches, or the main one."""

    score: float | None = None
    loss: float | None = None
    """Its validation loss, which decides between equal scores."""
    steps: int = 0
    """Steps done by then; the checkpoint of that step contains its weights."""
    epoch: int = 0
    """Whole epochs done by then."""
    waited: int = 0
    """Number of evaluations since the last gain."""
    gained: float | None = None
    """The score of the last gain, which `min_delta` counts from."""

    def is_at(self, steps: int) -> bool:
        """Whether the evaluation after so many steps is the best."""
        return self.score is not None and self.steps == steps


@dataclass
class Plateau:
    """What a plateau schedule remembers of past evaluations."""

    best: float | None = None
    waited: int = 0
    cooldown: int = 0
    factor: float = 1.0
    """What the learning rate has been multiplied by so far."""


@dataclass
class TrainingState:
    """Counts from 0. A checkpoint contains all of it, under the names of these fields."""

    epoch: int = 0
    """Whole epochs done."""
    step: int = 0
    """Steps done in the current epoch."""
    steps: int = 0
    """Steps done in total."""
    loss: float = 0.0
    """This and the next three are sums over the current epoch, in the order of its steps."""
    weight: float = 0.0
    # Correct answers. The name is a key of saved checkpoints, so it cannot change.
    right: float = 0.0
    penalty: float = 0.0
    history_lines: int = 0
    history: list[str] = field(default_factory=list)
    """The text of each of those lines, so that a checkpoint needs no other file. Empty in
    checkpoints of version 0.1, whose lines are only in the run's folder."""
    timings: list[str] = field(default_factory=list)
    """The lines of wall times likewise; equal runs may differ in these."""
    evaluation_due: bool = False
    """Whether an evaluation is to follow the last step and has not been made yet."""
    best: Best = field(default_factory=Best)
    plateau: Plateau = field(default_factory=Plateau)
    seconds: float = 0.0
    """Wall time so far; equal runs may differ in it."""

    @property
    def epoch_began(self) -> float:
        """Training time at which the current epoch began.

        In a run continued from a checkpoint of version 0.1, it is the time of that checkpoint.
        """
        if self.epoch and not self.timings:
            return self.seconds
        ended = (line for line in map(json.loads, reversed(self.timings)))
        return next((line["seconds"] for line in ended if line["epoch"] <= self.epoch), 0.0)

    @property
    def epoch_of_last_step(self) -> int:
        """The epoch, from 0, that the last step belonged to."""
        return self.epoch if self.step else max(0, self.epoch - 1)

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
    """The inverse of `as_json`. Raises TypeError or KeyError if the values are not a state's.

    Earlier checkpoints lack the best evaluation's loss: no later one with the same score replaces
    it, as was the rule then. What was best was also the last gain.
    """
    best = {"loss": -math.inf, "gained": values["best"]["score"], **values["best"]}
    inner = {"best": Best(**best), "plateau": Plateau(**values["plateau"])}
    return TrainingState(**{**values, **inner})
