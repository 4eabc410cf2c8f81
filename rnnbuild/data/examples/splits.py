"""The three splits of any data, by their names."""

from typing import Literal, Protocol, TypeVar, get_args

SplitName = Literal["train", "validation", "test"]
SPLITS: tuple[SplitName, ...] = get_args(SplitName)
HELD_OUT: tuple[SplitName, ...] = ("validation", "test")

T = TypeVar("T", covariant=True)


class ThreeSplits(Protocol[T]):
    """Anything that has a part for each split."""

    @property
    def train(self) -> T: ...
    @property
    def validation(self) -> T: ...
    @property
    def test(self) -> T: ...


def by_split(parts: ThreeSplits[T]) -> dict[SplitName, T]:
    """The parts by their splits' names, in the order of SPLITS."""
    return {"train": parts.train, "validation": parts.validation, "test": parts.test}
