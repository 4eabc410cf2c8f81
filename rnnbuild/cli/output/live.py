"""The display of a training run in a terminal."""

import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.text import Text

from rnnbuild.cli.output.evaluation_rows import EvaluationRows
from rnnbuild.cli.output.flow import Bar, Curve, Part, flowed
from rnnbuild.cli.output.rows import Rows
from rnnbuild.cli.output.screen import painter, width_of
from rnnbuild.formatting import clock, score_text
from rnnbuild.runs.history import HISTORY, HistoryLine
from rnnbuild.training.progress.observer import Observer
from rnnbuild.training.progress.state import TrainingState
from rnnbuild.training.steps.step import StepSums
from rnnbuild.visible import visible
from rnnbuild.wording.metric_names import followed, metric_name
from rnnbuild.wording.prose import wrapped
from rnnbuild.wording.training_rows import Goal

RECENT_STEPS = 50
"""Number of latest steps over which speed and loss are averaged, so that they stay current."""


@contextmanager
def live_display(goal: Goal) -> Iterator[Observer]:
    console = Console(stderr=True, highlight=False, width=width_of(sys.stderr))
    observer = LiveDisplay(console, goal)
    with Live(observer, console=console, refresh_per_second=8, transient=True):
        yield observer


class LiveDisplay(EvaluationRows):
    """Shows progress bars, the time left, the speed, the loss and the main metric with curves.

    Each evaluation leaves a row above the display.
    """

    def __init__(self, console: Console, goal: Goal):
        rows = Rows(self.print, painter(sys.stderr), console.height)
        super().__init__(goal, rows, console.width)
        self.console = console
        self.watched = goal.watched or goal.main
        self.epoch, self.step, self.steps, self.steps_in_epoch = 0, 0, 0, 1
        self.doing = "starting"
        self.begin_model()
        self.speeds: deque[tuple[float, int, int]] = deque(maxlen=RECENT_STEPS)
        """Time at which each step ended, with its examples and tokens."""

    def begin_model(self) -> None:
        """Begin the curves of a model anew, and the estimate of the time that it takes."""
        self.best = ""
        self.recent: deque[tuple[float, float]] = deque(maxlen=RECENT_STEPS)
        """Sum of losses and sum of weights of each step; a single step's loss is too noisy."""
        self.losses: list[float] = []
        self.scores: list[float] = []
        self.started = time.monotonic()
        self.started_at: float | None = None
        """Share of the whole that was done before this process started training."""

    def epoch_started(self, state: TrainingState, steps: int) -> None:
        super().epoch_started(state, steps)
        if state.steps < self.steps:  # those of the fold before
            self.begin_model()
        self.epoch, self.step, self.steps = state.epoch, state.step, state.steps
        self.steps_in_epoch = max(1, steps)
        if self.started_at is None:
            self.started = time.monotonic()
            self.started_at = self.done
            for text in state.history:  # of a run that goes on
                self.remember(state, HISTORY.parse(text.encode(), Path("history.jsonl")))
        self.begin_training()

    def stepped(self, state: TrainingState, sums: StepSums, examples: int, tokens: int) -> None:
        self.step, self.steps = state.step, state.steps
        self.recent.append((sums.loss, sums.weight))
        loss, weight = map(sum, zip(*self.recent, strict=True))
        self.losses.append(loss / max(weight, 1.0))
        self.speeds.append((time.monotonic(), examples, tokens))

    def evaluating(self, split: str, examples: int) -> None:
        self.doing = f"scoring {examples:,} {split} examples"

    def evaluated(self, state: TrainingState, line: HistoryLine) -> None:
        self.epoch, self.step = state.epoch, state.step
        self.remember(state, line)
        super().evaluated(state, line)
        self.begin_training()

    def remember(self, state: TrainingState, line: HistoryLine) -> None:
        """Add the score of an evaluation to the curve, and note whether it is the best."""
        score = line.scores("validation").get(self.watched)
        if score is not None:
            self.scores.append(score)
        if state.best.is_at(line.steps):
            self.best = f"best {score_text(score)} in epoch {line.epoch}"

    def remarked(self, text: str) -> None:
        for line in wrapped(visible(f"note: {text}"), self.console.width, hanging="  "):
            self.rows.line(line)

    def print(self, text: str) -> None:
        """Print a line that stays above the display."""
        self.console.print(Text.from_ansi(text), soft_wrap=True)

    def begin_training(self) -> None:
        """Restart the measurement of speed: no step is done while the model is scored."""
        self.doing = "training"
        self.speeds.clear()
        self.speeds.append((time.monotonic(), 0, 0))

    @property
    def done(self) -> float:
        """Share of the whole that is done: of epochs, steps or time, whichever is furthest."""
        shares = [(self.epoch + self.step / self.steps_in_epoch) / self.goal.epochs]
        if self.goal.steps:
            shares.append(self.steps / self.goal.steps)
        if self.goal.seconds and self.started_at is not None:
            shares.append((time.monotonic() - self.started) / self.goal.seconds)
        return min(1.0, max(shares))

    @property
    def seconds_left(self) -> float | None:
        """Estimate from the speed so far; None before anything is done."""
        share = self.done - (self.started_at or 0.0)
        if self.started_at is None or share <= 0:
            return None
        return (time.monotonic() - self.started) * (1 - self.done) / share

    @property
    def speed(self) -> tuple[float, float]:
        """Examples and tokens per second."""
        began = self.speeds[0][0] if self.speeds else 0.0
        passed = self.speeds[-1][0] - began if self.speeds else 0.0
        if passed <= 0:
            return 0.0, 0.0
        # The first entry only starts the clock: its work was done before.
        done = list(self.speeds)[1:]
        return sum(item[1] for item in done) / passed, sum(item[2] for item in done) / passed

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = options.max_width
        for parts in (self.whole_parts(), self.step_parts(), self.loss_parts(), self.score_parts()):
            yield from flowed(parts, width)

    def whole_parts(self) -> list[Part]:
        left = self.seconds_left
        times = [f"{clock(left)} left"] if left is not None else []
        return [self.counts()[0], Bar(self.done), *times]

    def step_parts(self) -> list[Part]:
        examples, tokens = self.speed
        beside = []
        if self.doing != "training":
            beside = [f"({self.doing})"]
        elif not self.losses:
            beside = ["(the first step takes longer)"]
        elif examples:
            beside = [f"{examples:,.0f} examples/s"]
            if tokens > examples:
                beside = [f"{beside[0]},", f"{tokens:,.0f} tokens/s"]
        share = self.step / self.steps_in_epoch
        return [self.counts()[1], Bar(share), *beside]

    def counts(self) -> tuple[str, str]:
        """Epoch and step of how many, equally long so that the bars begin below each other."""
        epoch = f"epoch {min(self.epoch + 1, self.goal.epochs)}/{self.goal.epochs}"
        step = f"step {self.step}/{self.steps_in_epoch}"
        length = max(len(epoch), len(step))
        return epoch.ljust(length), step.ljust(length)

    def loss_parts(self) -> list[Part]:
        if not self.losses:
            return []
        loss = followed(self.goal.main, token=self.goal.token)["loss"]
        return [f"{loss} {score_text(self.losses[-1])}", Curve(self.losses)]

    def score_parts(self) -> list[Part]:
        if not self.scores:
            return []
        last = (
            f"validation {metric_name(self.watched, self.goal.token)} {score_text(self.scores[-1])}"
        )
        texts = [f"{last},", self.best] if self.best else [last]
        return [*texts, Curve(self.scores)]
