"""Rows with equal text, which go into one split together.

Equal texts are found by 64-bit hashes: among ten million texts, two different ones are taken for
equal once in some 300,000 datasets, and then merely stay together.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.order import Integers, row_type

Hashes = NDArray[np.int64]
ROWS_AT_ONCE = 1 << 16


@dataclass(frozen=True, eq=False)
class Groups:
    """Rows of equal text, numbered by first appearance, since hashes differ in every process.

    Most texts occur once: only the groups of the others are looked up by hash.

    led:         bool (rows,), the first row of each group
    sizes:       (groups,), rows of each group, of type `row_type`
    repeated:    int64 (r,), the hashes that occur more than once, rising
    of_repeated: int64 (r,), the group of each
    """

    led: NDArray[np.bool_]
    sizes: Integers
    repeated: Hashes
    of_repeated: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.sizes)

    def spread(self, numbers: NDArray[Any], hashes: Hashes) -> NDArray[Any]:
        """The number of each row, (rows,), from those of the groups; `hashes` are the rows'."""
        of_row = np.empty(len(hashes), numbers.dtype)
        of_row[self.led] = numbers
        for first, places, which in repeated_rows(hashes, self.repeated):
            of_row[first + places] = numbers[self.of_repeated[which]]
        return of_row


def groups_of(hashes: Hashes) -> Groups:
    repeated = repeated_hashes(hashes)
    led = np.ones(len(hashes), bool)
    counts = np.zeros(len(repeated), np.int64)
    of_repeated = np.full(len(repeated), -1)
    groups, reached = 0, 0  # groups that begin before the row `reached`
    for first, places, which in repeated_rows(hashes, repeated):
        # Of the rows with a repeated hash, only the first of each hash leads a group.
        np.add.at(counts, which, 1)
        led[first + places] = False
        values, firsts = np.unique(which, return_index=True)
        fresh = of_repeated[values] < 0
        led[first + places[firsts[fresh]]] = True
        groups += int(np.count_nonzero(led[reached:first]))
        # A new group's number is the number of leading rows before its own.
        before = np.cumsum(led[first : first + ROWS_AT_ONCE])
        of_repeated[values[fresh]] = groups + before[places[firsts[fresh]]] - 1
        reached = first
    sizes = np.ones(np.count_nonzero(led), row_type(len(hashes)))
    sizes[of_repeated] = counts
    return Groups(led, sizes, repeated, of_repeated)


def repeated_hashes(hashes: Hashes) -> Hashes:
    """The hashes that occur more than once, rising."""
    ordered = np.sort(hashes)
    return distinct(ordered[1:][ordered[1:] == ordered[:-1]])


def distinct(ordered: Hashes) -> Hashes:
    """Rising hashes without repeats; np.unique needs many times the memory, for a hash table."""
    is_first = np.ones(len(ordered), bool)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return ordered[is_first]


def repeated_rows(
    hashes: Hashes, repeated: Hashes
) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.int64]]]:
    """Block by block: its first row, the rows in it with a repeated hash, and which hash."""
    if not len(repeated):
        return
    for first in range(0, len(hashes), ROWS_AT_ONCE):
        block = hashes[first : first + ROWS_AT_ONCE]
        which = np.minimum(np.searchsorted(repeated, block), len(repeated) - 1)
        places = np.flatnonzero(repeated[which] == block)
        yield first, places, which[places]
