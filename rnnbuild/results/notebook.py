"""Training in a notebook: one output that changes while the model learns."""

from html import escape
from time import monotonic
from typing import TYPE_CHECKING, Any

from rnnbuild.formatting import score_text
from rnnbuild.results.shown import html_of
from rnnbuild.runs.history import HistoryLine
from rnnbuild.visible import visible
from rnnbuild.wording.table import Column, Row, Table
from rnnbuild.wording.training_rows import Goal, training_columns, training_row

if TYPE_CHECKING:
    from rnnbuild.training.progress.state import TrainingState
    from rnnbuild.training.steps.step import StepSums

EVERY = 0.5
"""Seconds between two changes, at least: each is a message to the browser."""


def in_notebook() -> bool:
    """Whether the program is a notebook's kernel, which has a browser to draw in."""
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return False
    return hasattr(get_ipython(), "kernel")


class NotebookDisplay:
    """A bar of steps and the loss, and below them a table with a row for each evaluation.

    An `Observer` (training/progress/observer.py), which is not imported: it loads TensorFlow.
    """

    def __init__(self, goal: Goal):
        from IPython.display import HTML, display

        self._html: Any = HTML
        self._goal = goal
        self._columns: list[Column] = []
        self._rows: list[Row] = []
        self._notes: list[str] = []
        self._steps = 1
        self._epoch_began = 0.0
        self._shown_at = 0.0
        self._output: Any = display(HTML(""), display_id=True)

    def epoch_started(self, state: "TrainingState", steps: int) -> None:
        self._steps, self._epoch_began = max(1, steps), state.epoch_began
        self._show(state, "")

    def stepped(self, state: "TrainingState", sums: "StepSums", examples: int, tokens: int) -> None:
        if monotonic() - self._shown_at >= EVERY:
            self._show(state, f"loss {score_text(sums.loss / max(sums.weight, 1.0))}")

    def evaluating(self, split: str, examples: int) -> None: ...

    def evaluated(self, state: "TrainingState", line: HistoryLine) -> None:
        self._columns = self._columns or training_columns(self._goal, line)
        seconds, best = state.seconds - self._epoch_began, state.best.is_at(line.steps)
        self._rows.append(training_row(line, self._goal, seconds, best))
        self._show(state, "")

    def remarked(self, text: str) -> None:
        self._notes.append(text)

    def _show(self, state: "TrainingState", loss: str) -> None:
        """Draws what is known now; everything in it is text."""
        self._shown_at = monotonic()
        done = state.epoch + state.step / self._steps
        epoch = min(self._goal.epochs, state.epoch + 1)
        notes = "".join(f"<p>note: {escape(visible(note))}</p>" for note in self._notes)
        rows = html_of(Table(self._columns, self._rows)) if self._rows else ""
        self._output.update(
            self._html(
                f'<progress value="{done:.4f}" max="{self._goal.epochs}"></progress> '
                f"epoch {epoch} of {self._goal.epochs} {escape(loss)}{rows}{notes}"
            )
        )
