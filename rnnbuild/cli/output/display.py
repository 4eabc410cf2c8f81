"""Progress of training: a live display in a terminal, else one plain row an epoch.

Both go to stderr, so that stdout contains only results.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rnnbuild.cli.output.evaluation_rows import EvaluationRows
from rnnbuild.cli.output.rows import Rows
from rnnbuild.cli.output.screen import is_terminal, painter, print_note
from rnnbuild.data.kind.codec import token_noun
from rnnbuild.metrics.tasks import main_metric
from rnnbuild.training.progress.observer import Observer, Silence
from rnnbuild.training.setup.prepare import Prepared
from rnnbuild.wording.training_rows import Goal


def goal_of(prepared: Prepared, seconds: float | None) -> Goal:
    """Where a run ends, by its config and data, or after `seconds` at the latest.

    The models of folds and the run's own share the seconds.
    """
    training, data = prepared.resolved.config.training, prepared.resolved.config.data
    if seconds is not None and data is not None and data.folds is not None:
        seconds /= data.folds + 1
    main = main_metric(prepared.data.facts).name
    best, token = prepared.watching.best.name, token_noun(prepared.data.codec)
    within = training.evaluate_every is not None
    return Goal(main, training.epochs, training.steps, seconds, best, token, within)


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


class PlainDisplay(EvaluationRows):
    """Prints one line an evaluation, without control characters: for files, pipes and logs."""

    def __init__(self, goal: Goal):
        super().__init__(goal, Rows(self.print, painter(sys.stderr)), width=None)

    @staticmethod
    def print(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    def remarked(self, text: str) -> None:
        print_note(text)
