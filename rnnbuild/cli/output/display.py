"""What one sees while a model trains: a live display in a terminal, else one plain line an epoch.

Both write to stderr, so that results alone stand on stdout.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from rnnbuild.cli.output.durations import clock
from rnnbuild.cli.output.score_text import figure, metric_name
from rnnbuild.training.observer import Observer, Silence
from rnnbuild.training.state import TrainingState


@dataclass(frozen=True)
class Goal:
    """Where training is to end: at the first of these; and the metric that it is judged by."""

    main: str
    epochs: int
    steps: int | None = None
    seconds: float | None = None
    """From the moment the display begins."""


@contextmanager
def display(goal: Goal, quiet: bool) -> Iterator[Observer]:
    """The display that fits where stderr goes."""
    if quiet:
        yield Silence()
    elif sys.stderr.isatty():
        from rnnbuild.cli.output.live import live_display

        with live_display(goal) as observer:
            yield observer
    else:
        yield PlainDisplay(goal)


class PlainDisplay(Silence):
    """One line an evaluation, without control characters: for files, pipes and logs."""

    def __init__(self, goal: Goal):
        self.goal = goal
        self.best = BestSeen(goal.main)

    def evaluated(self, state: TrainingState, line: dict[str, Any]) -> None:
        text = line_text(line, self.goal, self.best.improved(line))
        print(f"{text}  {clock(state.seconds)}", file=sys.stderr, flush=True)

    def remarked(self, text: str) -> None:
        print(f"note: {text}", file=sys.stderr, flush=True)


class BestSeen:
    """The best evaluation that was seen."""

    def __init__(self, main: str):
        self.main = main
        self.score: float | None = None
        self.epoch = 0

    def improved(self, line: dict[str, Any]) -> bool:
        """Look at a line of the history; whether it is better than all before."""
        from rnnbuild.metrics.tasks import best_of

        score = line.get("validation", {}).get(self.main)
        if score is None or score == self.score:
            return False
        if self.score is not None and best_of(self.main, (score, self.score)) == self.score:
            return False
        self.score, self.epoch = score, line["epoch"]
        return True


def line_text(line: dict[str, Any], goal: Goal, best: bool) -> str:
    """`epoch 2/5  loss 0.5120  validation loss 0.6010, accuracy 0.7800 best`.

    Without validation rows, what is known of training instead. Of an evaluation within an epoch
    the step is told too.
    """
    width = len(str(goal.epochs))
    where = f"epoch {line['epoch']:>{width}}/{goal.epochs}"
    if "step" in line:
        where += f" step {line['step']}"
    train, validation = line["train"], line.get("validation")
    if validation is None:
        told = [f"{metric_name(name)} {figure(value)}" for name, value in train.items()]
        return f"{where}  {', '.join(told)}"
    told = [
        f"{metric_name(name)} {figure(validation[name])}"
        for name in ("loss", goal.main)
        if validation.get(name) is not None
    ]
    scores = f"  validation {', '.join(told)}" if told else ""
    return f"{where}  loss {figure(train['loss'])}{scores}{' best' if best else ''}"
