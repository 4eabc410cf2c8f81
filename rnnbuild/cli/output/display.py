"""Progress of training: a live display in a terminal, else one plain line an epoch.

Both go to stderr, so that stdout contains only results.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rnnbuild.cli.output.screen import is_terminal, print_note
from rnnbuild.data.kind.codec import token_noun
from rnnbuild.formatting import clock
from rnnbuild.metrics.tasks import main_metric
from rnnbuild.runs.history import HistoryLine
from rnnbuild.training.progress.observer import Observer, Silence
from rnnbuild.training.progress.state import TrainingState
from rnnbuild.training.setup.prepare import Prepared
from rnnbuild.visible import visible
from rnnbuild.wording.evaluation_line import Goal, line_text


def goal_of(prepared: Prepared, seconds: float | None) -> Goal:
    """Where a run ends, by its config and data, or after `seconds` at the latest."""
    training = prepared.resolved.config.training
    main = main_metric(prepared.data.facts).name
    best, token = prepared.watching.best.name, token_noun(prepared.data.codec)
    return Goal(main, training.epochs, training.steps, seconds, best, token)


@contextmanager
def display(goal: Goal, quiet: bool) -> Iterator[Observer]:
    """The display that suits stderr: live, plain or, with `quiet`, none."""
    if quiet:
        yield Silence()
    elif is_terminal(sys.stderr):
        from rnnbuild.cli.output.live import live_display

        with live_display(goal) as observer:
            yield observer
    else:
        yield PlainDisplay(goal)


class PlainDisplay(Silence):
    """Prints one line an evaluation, without control characters: for files, pipes and logs."""

    def __init__(self, goal: Goal):
        self.goal = goal

    def evaluated(self, state: TrainingState, line: HistoryLine) -> None:
        text = line_text(line, self.goal, state.best.is_at(line.steps))
        print(visible(f"{text}  {clock(state.seconds)}"), file=sys.stderr, flush=True)

    def remarked(self, text: str) -> None:
        print_note(text)
