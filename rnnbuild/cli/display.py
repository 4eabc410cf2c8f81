"""What one sees while a model trains: a live display in a terminal, else one plain line an epoch.

Both write to stderr, so that results alone stand on stdout.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rnnbuild.metrics.tasks import best_of
from rnnbuild.training.observer import Observer, Silence
from rnnbuild.training.state import TrainingState
from rnnbuild.training.step import StepSums

SPARKS = "▁▂▃▄▅▆▇█"


@contextmanager
def display(epochs: int, main: str, quiet: bool) -> Iterator[Observer]:
    """The display that fits where stderr goes."""
    if quiet:
        yield Silence()
    elif sys.stderr.isatty():
        with live_display(epochs, main) as observer:
            yield observer
    else:
        yield PlainDisplay(epochs, main)


def epoch_text(line: dict[str, Any], epochs: int) -> str:
    """`epoch 2/5  loss 0.512  accuracy 0.81 | validation loss 0.601  accuracy 0.78`."""
    width = len(str(epochs))
    parts = [f"epoch {line['epoch']:>{width}}/{epochs}"]
    for split in ("train", "validation"):
        scores = line.get(split)
        if scores is not None:
            told = "  ".join(
                f"{name} {value:.4f}" for name, value in scores.items() if value is not None
            )
            parts.append(f"{split} {told}")
    return "  ".join(parts)


def brief(scores: dict[str, float | None], main: str) -> dict[str, float | None]:
    """The loss and the main metric; of training, what it has."""
    kept = ("loss", main, "accuracy")
    names = [name for name in kept if name in scores]
    return {name: scores[name] for name in names[:2]}


def briefly(line: dict[str, Any], main: str) -> dict[str, Any]:
    told: dict[str, Any] = {"epoch": line["epoch"]}
    for split in ("train", "validation"):
        if split in line:
            told[split] = brief(line[split], main)
    return told


class PlainDisplay(Silence):
    """One line an epoch, without control characters: for files, pipes and logs."""

    def __init__(self, epochs: int, main: str):
        self.epochs, self.main = epochs, main
        self.started = time.monotonic()

    def evaluated(self, state: TrainingState, line: dict[str, Any]) -> None:
        seconds = time.monotonic() - self.started
        text = epoch_text(briefly(line, self.main), self.epochs)
        print(f"{text}  {seconds:.1f} s", file=sys.stderr, flush=True)

    def remarked(self, text: str) -> None:
        print(f"note: {text}", file=sys.stderr, flush=True)


def sparkline(values: list[float]) -> str:
    """A small curve: the last values scaled between their least and greatest."""
    shown = values[-24:]
    if not shown:
        return ""
    low, high = min(shown), max(shown)
    scale = (len(SPARKS) - 1) / (high - low) if high > low else 0.0
    return "".join(SPARKS[round((value - low) * scale)] for value in shown)


@contextmanager
def live_display(epochs: int, main: str) -> Iterator[Observer]:
    from rich.console import Console
    from rich.live import Live

    console = Console(stderr=True, highlight=False)
    observer = LiveDisplay(console, epochs, main)
    with Live(observer, console=console, refresh_per_second=8, transient=True):
        yield observer


class LiveDisplay(Silence):
    """Bars with the time left, speed, loss and metric against the best, and a small curve."""

    def __init__(self, console: Any, epochs: int, main: str):
        self.console, self.epochs, self.main = console, epochs, main
        self.epoch, self.step, self.steps_in_epoch = 0, 0, 1
        self.examples = 0
        self.losses: list[float] = []
        self.best: float | None = None
        self.doing = "starting"
        self.started = time.monotonic()
        self.started_at = 0.0
        """How much of the whole had been done when this process began."""
        self.tokens = 0.0

    def epoch_started(self, state: TrainingState, steps: int) -> None:
        self.epoch, self.step, self.steps_in_epoch = state.epoch, state.step, max(1, steps)
        if self.doing == "starting":
            self.started = time.monotonic()
            self.started_at = self.done
        self.doing = "training"

    def stepped(self, state: TrainingState, sums: StepSums, examples: int) -> None:
        self.step = state.step
        self.examples += examples
        self.tokens += sums.weight
        self.losses.append(state.loss / max(state.weight, 1.0))

    def evaluating(self, split: str, examples: int) -> None:
        self.doing = f"scoring {examples:,} {split} examples"

    def evaluated(self, state: TrainingState, line: dict[str, Any]) -> None:
        self.doing = "training"
        self.epoch, self.step = state.epoch, 0
        score = line.get("validation", {}).get(self.main)
        if score is not None:
            self.best = score if self.best is None else best_of(self.main, (self.best, score))
        self.console.print(epoch_text(briefly(line, self.main), self.epochs))

    def remarked(self, text: str) -> None:
        self.console.print(f"note: {text}")

    @property
    def done(self) -> float:
        """Share of all steps."""
        return min(1.0, (self.epoch + self.step / self.steps_in_epoch) / self.epochs)

    def __rich_console__(self, console: Any, options: Any) -> Any:
        from rich.progress_bar import ProgressBar
        from rich.table import Table

        seconds = max(time.monotonic() - self.started, 1e-3)
        share = self.done - self.started_at
        left = seconds * (1 - self.done) / share if share > 0 else None
        grid = Table.grid(padding=(0, 1))
        epoch = min(self.epoch + 1, self.epochs)
        grid.add_row(
            f"epoch {epoch}/{self.epochs}",
            ProgressBar(total=1.0, completed=self.done, width=28),
            f"{clock(left)} left" if left is not None else "",
        )
        grid.add_row(
            f"step {self.step}/{self.steps_in_epoch}",
            ProgressBar(total=self.steps_in_epoch, completed=self.step, width=28),
            f"{self.examples / seconds:,.0f} examples/s",
        )
        yield grid
        loss = f"loss {self.losses[-1]:.4f} {sparkline(self.losses)}" if self.losses else ""
        best = f"best validation {self.main} {self.best:.4f}" if self.best is not None else ""
        yield "  ".join(part for part in (loss, best, f"({self.doing})") if part)


def clock(seconds: float | None) -> str:
    """`1:05:09`, `12:34` or `0:07`."""
    whole = int(seconds or 0)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
