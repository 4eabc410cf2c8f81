"""A histogram of sequence lengths: answers every question about lengths in little memory."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Lengths:
    """counts[i] sequences have values[i] steps; `values` are rising."""

    values: tuple[int, ...]
    counts: tuple[int, ...]

    @classmethod
    def of(cls, lengths: ArrayLike) -> "Lengths":
        """The histogram of the lengths of sequences, (rows,)."""
        values, counts = np.unique(np.asarray(lengths, np.int64), return_counts=True)
        return cls(tuple(values.tolist()), tuple(counts.tolist()))

    @property
    def rows(self) -> int:
        return sum(self.counts)

    @property
    def steps(self) -> int:
        return sum(value * count for value, count in zip(self.values, self.counts, strict=True))

    @property
    def shortest(self) -> int:
        return self.values[0] if self.values else 0

    @property
    def longest(self) -> int:
        return self.values[-1] if self.values else 0

    def quantile(self, share: float) -> int:
        """The least length that this share of the sequences does not exceed; 0 without any."""
        if not self.values:
            return 0
        reached = np.searchsorted(np.cumsum(self.counts), share * self.rows)
        return self.values[min(int(reached), len(self.values) - 1)]

    def over(self, limit: int | None) -> tuple[int, int]:
        """Number of sequences with more steps than `limit`, and of their steps beyond it."""
        if limit is None:
            return 0, 0
        longer = [pair for pair in zip(self.values, self.counts, strict=True) if pair[0] > limit]
        return sum(n for _, n in longer), sum((length - limit) * n for length, n in longer)

    def histogram(self, bins: int) -> list[int]:
        """Number of sequences in `bins` equal ranges from the shortest to the longest."""
        width = self.longest - self.shortest + 1
        totals = np.zeros(min(bins, width) if self.values else 0, np.int64)
        places = (np.array(self.values) - self.shortest) * len(totals) // width
        np.add.at(totals, places.astype(np.int64), self.counts)
        return [int(count) for count in totals]

    @classmethod
    def from_json(cls, saved: dict[str, Sequence[int]]) -> "Lengths":
        return cls(tuple(saved["values"]), tuple(saved["counts"]))
