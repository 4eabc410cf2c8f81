"""A row for each evaluation of a run, as it is trained."""

from rnnbuild.cli.output.rows import Rows
from rnnbuild.runs.history import HistoryLine
from rnnbuild.training.progress.observer import Silence
from rnnbuild.training.progress.state import TrainingState
from rnnbuild.wording.growing_table import GrowingTable, growing_table
from rnnbuild.wording.training_rows import (
    Goal,
    spare_columns,
    training_columns,
    training_row,
    widest_row,
)


class EvaluationRows(Silence):
    """Prints the rows, in `width` columns of a terminal; None is a file or a pipe."""

    def __init__(self, goal: Goal, rows: Rows, width: int | None):
        self.goal, self.rows, self.width = goal, rows, width
        self.table: GrowingTable | None = None
        self.epoch_began = 0.0
        """Training time at which the current epoch began."""

    def epoch_started(self, state: TrainingState, steps: int) -> None:
        self.epoch_began = state.epoch_began

    def evaluated(self, state: TrainingState, line: HistoryLine) -> None:
        if self.table is None:
            columns = training_columns(self.goal, line)
            widest, spare = widest_row(columns, self.goal), spare_columns(self.goal, line)
            self.table = growing_table(columns, widest, self.width, spare)
        seconds, best = state.seconds - self.epoch_began, state.best.is_at(line.steps)
        self.rows.add(self.table, training_row(line, self.goal, seconds, best))
