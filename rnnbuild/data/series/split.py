"""The steps of a series in three splits, always in order of time."""

from dataclasses import dataclass

from rnnbuild.config.schema.data import SplitConfig
from rnnbuild.errors import DataError


@dataclass(frozen=True)
class Borders:
    """Steps [0, train) train, [train, validation) validate and [validation, test) test."""

    train: int
    validation: int
    test: int

    @property
    def spans(self) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
        """First step and end of each split."""
        return (0, self.train), (self.train, self.validation), (self.validation, self.test)


def borders_of(steps: int, split: SplitConfig, own: tuple[int, int] = (0, 0)) -> Borders:
    """The borders that shares or numbers of steps ask for.

    `own` are the steps at the end for which validation and test have files of their own; 0 where
    they are held out of the rest, to which shares apply. The last steps test, those before them
    validate, the rest train. Where `split.train` is stated, training takes the first steps
    instead, and those after the test split are not used. Raises DataError for too few steps.
    """
    files = steps - sum(own)
    validation = own[0] or _wanted(split.validation, files)
    test = own[1] or _wanted(split.test, files)
    left = steps - validation - test
    train = left if split.train is None else _wanted(split.train, files)
    if train < 1 or train > left:
        raise DataError(
            f"of {steps:,} steps, {validation:,} would validate and {test:,} test: that leaves "
            f"{max(left, 0):,} to train on"
            + ("" if split.train is None else f", and {train:,} are asked for"),
            hint="lower `data.split`",
        )
    if own[1]:
        train = left
    return Borders(train, train + validation, train + validation + test)


def _wanted(amount: float | int, steps: int) -> int:
    if isinstance(amount, int):
        return amount
    return max(1, round(amount * steps)) if amount else 0
