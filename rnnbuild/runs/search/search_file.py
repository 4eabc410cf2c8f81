"""search.json: what a search tries, how many trials it has, and who proposes them."""

from dataclasses import dataclass

from rnnbuild.runs.record import RecordFile
from rnnbuild.runs.search.directory import SearchDirectory
from rnnbuild.typed_values import Count, Name, Names, Positive, PositiveNumber

Number = int | float


@dataclass(frozen=True, kw_only=True)
class PlannedRange:
    """A key that may be any number of a range, both ends included."""

    key: Name
    low: Number
    high: Number
    whole: bool
    """Whether the numbers are whole."""
    log: bool = False
    """Whether each factor is as likely as another."""
    step: Number | None = None
    """What the numbers differ by; None for any number."""


@dataclass(frozen=True, kw_only=True)
class PlannedChoice:
    """A key that may be one of several values."""

    key: Name
    alternatives: Names
    """Each as YAML on one line: `gru`, `{name: sgd, momentum: 0.9}`."""


@dataclass(frozen=True, kw_only=True)
class Sampler:
    """What proposes trials. Other versions may propose others."""

    name: Name
    """`tpe`: the tree-structured Parzen estimator."""
    optuna: str
    """Version of Optuna."""
    numpy: str
    """Version of NumPy, from whose random numbers proposals are drawn."""
    first: Positive = 1
    """The first trial that was proposed with these versions."""


@dataclass(frozen=True, kw_only=True)
class SearchPlan:
    """Trials are compared by their validation scores; none is scored on the test split."""

    name: Name
    """Of the config."""
    space: tuple[PlannedRange | PlannedChoice, ...]
    trials: Positive
    seed: Count
    """Decides what is proposed."""
    samplers: tuple[Sampler, ...]
    """The last one proposes the next trial."""
    metric: Name
    """By which trials are compared: `loss` or one of the task's, on the validation split."""
    higher_is_better: bool
    pruning: bool
    """Whether a trial ends whose score is below the median of others at the same epoch."""
    seconds: PositiveNumber | None = None
    """Limit on the training of each trial."""
    confirming: Count
    """Number of seeds on which the best trial is compared with the config as given at the end."""
    data_folder: str = "."
    """What names of data files start from, absolute."""


SEARCH_PLAN = RecordFile(SearchPlan, "restore it from a copy, or begin a new search")


def read_search_plan(search: SearchDirectory) -> SearchPlan:
    """Raises RunError where the file is missing or damaged."""
    return SEARCH_PLAN.read(search.plan)


def write_search_plan(search: SearchDirectory, plan: SearchPlan) -> None:
    """Raises OSError."""
    SEARCH_PLAN.write(search.plan, plan)
