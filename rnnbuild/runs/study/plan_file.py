"""plan.json: what a study is to train, and how its variants are compared."""

from dataclasses import dataclass

from rnnbuild.runs.record import RecordFile
from rnnbuild.runs.study.directory import StudyDirectory
from rnnbuild.typed_values import Count, Name, PositiveNumber

SettingValue = bool | int | float | str | None
"""A number or text as it is; what is neither, as it would be typed."""


@dataclass(frozen=True, kw_only=True)
class PlannedVariant:
    """One of the configs that are compared."""

    name: Name
    """Of its files: `cell-gru-depth-2`."""
    label: str
    """What it is called: `cell=gru, depth=2`; `as given` where nothing was varied."""
    settings: dict[str, SettingValue]
    """The keys that were varied, and what they are here."""


@dataclass(frozen=True, kw_only=True)
class Extension:
    """Seeds or variants that were added when results were already known."""

    finished: Count
    """Runs that had finished by then."""
    seeds: tuple[Count, ...] = ()
    """The seeds that were added."""
    variants: tuple[str, ...] = ()
    """Names of the variants that were added."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Every variant is trained with every seed."""

    name: Name
    """Of the config."""
    variants: tuple[PlannedVariant, ...]
    seeds: tuple[Count, ...]
    reference: str | None = None
    """The name of the variant that the others are compared with; None compares all pairs."""
    margin: PositiveNumber | None = None
    """A difference below it does not matter; as scores are printed: of shares in points."""
    seconds: PositiveNumber | None = None
    """Limit on the training of each run."""
    budget: Count | None = None
    """The number of parameters that every variant was brought near to."""
    data_folder: str = "."
    """What names of data files start from, absolute."""
    extensions: tuple[Extension, ...] = ()

    def __post_init__(self) -> None:
        """Raises ValueError where the reference is not a variant."""
        if self.reference not in (None, *(variant.name for variant in self.variants)):
            raise ValueError(f"no variant has the name of the reference, {self.reference}")


PLAN = RecordFile(Plan, "restore it from a copy, or begin a new study")


def read_plan(study: StudyDirectory) -> Plan:
    """Raises RunError where the file is missing or damaged."""
    return PLAN.read(study.plan)


def write_plan(study: StudyDirectory, plan: Plan) -> None:
    """Raises OSError."""
    PLAN.write(study.plan, plan)
