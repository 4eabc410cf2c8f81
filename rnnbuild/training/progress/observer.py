"""What the loop reports as it goes; the command line displays it."""

from dataclasses import dataclass
from typing import Protocol

from rnnbuild.runs.history import HistoryLine
from rnnbuild.training.progress.state import TrainingState
from rnnbuild.training.steps.step import StepSums


class Observer(Protocol):
    """Is notified of a run's progress while it trains."""

    def epoch_started(self, state: TrainingState, steps: int) -> None:
        """An epoch of `steps` steps begins, or goes on at `state.step`."""

    def stepped(self, state: TrainingState, sums: StepSums, examples: int, tokens: int) -> None:
        """A step is done, over `examples` examples that have `tokens` time steps in all."""

    def evaluating(self, split: str, examples: int) -> None:
        """The scores of a split of `examples` examples are about to be computed."""

    def evaluated(self, state: TrainingState, line: HistoryLine) -> None:
        """A line was added to the history."""

    def remarked(self, text: str) -> None:
        """Something the user should know."""


class Silence:
    """Ignores everything."""

    def epoch_started(self, state: TrainingState, steps: int) -> None: ...

    def stepped(self, state: TrainingState, sums: StepSums, examples: int, tokens: int) -> None: ...

    def evaluating(self, split: str, examples: int) -> None: ...

    def evaluated(self, state: TrainingState, line: HistoryLine) -> None: ...

    def remarked(self, text: str) -> None: ...


@dataclass(frozen=True)
class Together:
    """Several observers as one, each notified in turn."""

    observers: tuple[Observer, ...]

    def epoch_started(self, state: TrainingState, steps: int) -> None:
        for observer in self.observers:
            observer.epoch_started(state, steps)

    def stepped(self, state: TrainingState, sums: StepSums, examples: int, tokens: int) -> None:
        for observer in self.observers:
            observer.stepped(state, sums, examples, tokens)

    def evaluating(self, split: str, examples: int) -> None:
        for observer in self.observers:
            observer.evaluating(split, examples)

    def evaluated(self, state: TrainingState, line: HistoryLine) -> None:
        for observer in self.observers:
            observer.evaluated(state, line)

    def remarked(self, text: str) -> None:
        for observer in self.observers:
            observer.remarked(text)
