"""results.json: what the finished runs of a study showed, in all that tables and reports need.

It is a summary of the runs' own files and can be written again from them, or kept without them.
"""

from dataclasses import dataclass

from rnnbuild.metrics.metric import Unit
from rnnbuild.runs.metrics_file import Values
from rnnbuild.runs.record import RecordFile
from rnnbuild.runs.study.directory import StudyDirectory
from rnnbuild.runs.study.plan_file import Plan
from rnnbuild.tasks.facts import Task
from rnnbuild.typed_values import Count, Positive, Seconds


@dataclass(frozen=True, kw_only=True)
class RunResult:
    """What one finished run showed."""

    variant: str
    """The variant's name."""
    seed: Count
    validation: Values
    """Scores of the weights that were kept; empty without validation rows."""
    test: Values
    """Empty without test rows."""
    epochs: Count
    """Completed epochs."""
    steps: Count
    best_epoch: Positive | None = None
    """The epoch whose weights were kept; None if none was evaluated."""
    train_loss: float | None = None
    """Mean over that epoch, with dropout active; None if none was evaluated."""
    validation_loss: float | None = None
    """After that epoch; None without validation rows, or where it is undefined."""
    seconds: Seconds
    """Training time."""
    seconds_to_best: Seconds | None = None
    """Training time until the weights that were kept; None where it is not known."""
    still_falling: bool | None = None
    """Whether the validation loss still fell at the end; None in results of older versions."""

    @property
    def gap(self) -> float | None:
        """How much higher the loss is on validation rows than on training rows."""
        if self.train_loss is None or self.validation_loss is None:
            return None
        return self.validation_loss - self.train_loss


@dataclass(frozen=True, kw_only=True)
class VariantFacts:
    """What is known of a variant without training."""

    name: str
    parameters: Count
    multiply_adds: Count
    """Of one example, as `rnnbuild summary` counts them; of a language model, of one token."""
    latency: Seconds | None = None
    """Median time of one answer to one example, or of one token of a language model;
    None if it was not measured."""
    threads: Positive | None = None
    """CPU threads with which its runs were trained, each."""
    units: tuple[Positive, ...] = ()
    """Units of each recurrent layer, in order; empty in results of older versions."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A run that failed."""

    variant: str
    seed: Count
    error: str


@dataclass(frozen=True, kw_only=True)
class Results:
    """What a study showed so far."""

    plan: Plan
    task: Task
    data: str
    """The dataset or training file, as the config names it."""
    metric: str
    """By which variants are compared."""
    higher_is_better: bool
    unit: Unit
    rows: dict[str, Count]
    """Number of examples, by split: `train`, `validation`, `test`."""
    baselines: dict[str, dict[str, float | None]]
    """By split, the metric's value for each trivial answer."""
    facts: tuple[VariantFacts, ...]
    """In the order of the plan."""
    runs: tuple[RunResult, ...]
    """Of the finished ones, in the order of the plan: by variant, then by seed."""
    failures: tuple[Failure, ...] = ()
    folds: Count | None = None
    """Number of folds, if test scores are out of fold."""
    token: str = "token"
    """What a language model's tokens are, where they are the same in all variants."""

    def __post_init__(self) -> None:
        """Raises ValueError where the facts are not those of the plan's variants."""
        if [each.name for each in self.facts] != [each.name for each in self.plan.variants]:
            raise ValueError("the facts are not those of the plan's variants")

    @property
    def split(self) -> str:
        """The split on which variants are compared: test, else validation."""
        return "test" if self.rows.get("test") else "validation"

    @property
    def split_name(self) -> str:
        """`validation`, `test`, or `out-of-fold`."""
        return "out-of-fold" if self.split == "test" and self.folds else self.split


RESULTS = RecordFile(Results, "delete it: `rnnbuild study` writes it again")


def read_results(study: StudyDirectory) -> Results:
    """Raises RunError where the file is missing or damaged."""
    return RESULTS.read(study.results)


def write_results(study: StudyDirectory, results: Results) -> None:
    """Raises OSError."""
    RESULTS.write(study.results, results)
