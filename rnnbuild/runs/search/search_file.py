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

    def __post_init__(self) -> None:
        """Raises ValueError where no numbers can be drawn from it."""
        if self.low >= self.high:
            raise ValueError(f"the range of `{self.key}`: {self.low} is not less than {self.high}")
        if self.log and (self.low <= 0 or self.step is not None):
            raise ValueError(
                f"the logarithmic range of `{self.key}` must start above 0 and have no step"
            )
        if self.step is not None and self.step <= 0:
            raise ValueError(f"the step of `{self.key}` must be above 0, found {self.step}")
        if self.whole and float in map(type, (self.low, self.high, self.step)):
            raise ValueError(f"the range of `{self.key}` must have whole numbers")


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

    def __post_init__(self) -> None:
        """Raises ValueError where nothing is searched or proposed, or a key is there twice."""
        if not self.space or not self.samplers:
            raise ValueError(f"`{'samplers' if self.space else 'space'}` is empty")
        keys = [dimension.key for dimension in self.space]
        if twice := [key for key in keys if keys.count(key) > 1]:
            raise ValueError(f"`space` contains `{twice[0]}` twice")


SEARCH_PLAN = RecordFile(SearchPlan, "restore it from a copy, or begin a new search")


def read_search_plan(search: SearchDirectory) -> SearchPlan:
    """Raises RunError where the file is missing or damaged."""
    return SEARCH_PLAN.read(search.plan)


def write_search_plan(search: SearchDirectory, plan: SearchPlan) -> None:
    """Raises OSError."""
    SEARCH_PLAN.write(search.plan, plan)
