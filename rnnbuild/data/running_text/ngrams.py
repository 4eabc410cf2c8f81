"""The n-grams of a text, counted: a tree in sorted arrays, without a Python object an n-gram.

A node of level k is a distinct k-gram of the text, numbered in the order of its tokens. Its parent,
in level k - 1, is the k-gram without its last token, its context; the root is the empty one. So the
tokens that follow a context are neighbours, and keys, parent · tokens + last token, stay below
n · tokens, however high the order.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Nodes = NDArray[np.int32]
NO_NODE = -1
"""The number of an n-gram that the text does not have."""


@dataclass(frozen=True, eq=False)
class Level:
    """The distinct k-grams of one order k, as arrays with an item for each."""

    keys: NDArray[np.int64]
    """parent · tokens + last token, rising"""
    counts: NDArray[np.int32]
    """how often the k-gram occurs"""
    suffixes: Nodes
    """the k-gram without its first token, as a node of level k - 1"""
    first: Nodes
    """(1,), the k-gram that begins the text; (0,) where the text is shorter"""

    def find(self, keys: NDArray[np.int64]) -> Nodes:
        """The node of each key, or NO_NODE."""
        if not len(self.keys):
            return np.full(len(keys), NO_NODE, np.int32)
        places = np.searchsorted(self.keys, keys)
        places[places == len(self.keys)] = 0
        return np.where(self.keys[places] == keys, places, NO_NODE).astype(np.int32)


@dataclass(frozen=True, eq=False)
class NGrams:
    """The n-grams of a text up to an order."""

    tokens: int
    """Number of tokens that there may be, from 0."""
    levels: tuple[Level, ...]
    """Of orders 1, 2 and so on."""

    @classmethod
    def of(cls, ids: NDArray[np.int32], tokens: int, order: int) -> "NGrams":
        """Count the n-grams of `ids` (n,), each from 0 and below `tokens`.

        Levels of orders above n are empty. Memory: 16 bytes a distinct n-gram of each order, and 44
        a token while they are counted.
        """
        levels: list[Level] = []
        nodes = np.zeros(len(ids) + 1, np.int32)  # of the (k - 1)-gram that starts at each place
        for k in range(1, order + 1):
            # The k-gram at a place: the (k - 1)-gram there, and the token k - 1 further on.
            starts = max(len(ids) - k + 1, 0)
            codes = nodes[:starts].astype(np.int64) * tokens + ids[k - 1 :]
            by_code = np.argsort(codes)
            codes = codes[by_code]
            firsts = np.flatnonzero(np.diff(codes, prepend=-1))
            counts = np.diff(firsts, append=starts).astype(np.int32)
            suffixes = nodes[by_code[firsts] + 1]
            nodes = np.empty(starts, np.int32)
            nodes[by_code] = np.repeat(np.arange(len(firsts), dtype=np.int32), counts)
            levels.append(Level(codes[firsts], counts, suffixes, nodes[:1].copy()))
        return cls(tokens, tuple(levels))

    def continuations(self, order: int) -> NDArray[np.int32]:
        """Number of distinct tokens before each n-gram of an order below the highest.

        The text's start counts as a token, so that each n-gram has one at least.
        """
        level = self.levels[order - 1]
        before = np.bincount(self.levels[order].suffixes, minlength=len(level.keys))
        before[level.first] += 1
        return before.astype(np.int32)
