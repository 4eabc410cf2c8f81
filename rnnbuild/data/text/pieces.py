"""What stands between spaces, looked up by the million: a hash table that NumPy walks.

A Python dictionary takes a fifth of a microsecond and more for each word of a text. Here all the
pieces of a chunk of text are hashed and looked up together, and only a piece that was never seen
before is handed to Python.

Pieces are told apart by 64-bit hashes of their bytes: among a million different pieces, two are
taken for one in one of 30 million texts.
"""

from collections.abc import Callable
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Numbers = NDArray[np.int32]
Positions = NDArray[np.int64]

WIDTH = 8
"""Bytes that are hashed at once."""
LONGEST = 256
"""Bytes of a piece that are hashed by NumPy; longer ones are rare and hashed one by one."""

_MASKS = np.array([(1 << 8 * size) - 1 for size in range(WIDTH + 1)], np.uint64)
FACTOR_OF_LENGTH, FACTOR_OF_WORDS = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
_SHIFT = np.uint64(32)


class Pieces:
    """Numbers of different pieces, from 0 in the order in which they were first seen.

    `add` is called with the bytes of new pieces, in the order of their numbers.
    """

    def __init__(self, add: Callable[[list[bytes]], None]):
        self.add = add
        self.count = 0
        self._make_table(1 << 16)

    def numbers_of(self, text: bytes, row_ends: Positions) -> tuple[Numbers, Positions]:
        """The number of every piece of a text, and how many pieces each row has.

        `row_ends` are the places of the spaces that end each row; the last ends the text.
        """
        padded = np.frombuffer(b"\n" + text + bytes(WIDTH), np.uint8)
        spaces = _spaces(padded[: len(text) + 1])
        edges = np.flatnonzero(spaces[1:] != spaces[:-1]) + 1
        starts, ends = edges[::2], edges[1::2]
        found = self._numbers(padded, starts, ends)
        pieces = np.searchsorted(starts, row_ends + 1)
        return found, np.diff(pieces, prepend=0)

    def numbers_by_loop(self, text: bytes, row_ends: Positions) -> tuple[Numbers, Positions]:
        """The same as `numbers_of`, by the compiled loop."""
        from rnnbuild.data.text import compiled

        signs = np.frombuffer(text, np.uint8)
        # A piece takes two bytes with the space that ends it.
        numbers = np.empty(len(text) // 2 + 1, np.int32)
        row_pieces = np.zeros(len(row_ends), np.int64)
        state = np.zeros(len(compiled.STATE), np.int64)
        while True:
            state[compiled.KNOWN], state[compiled.NEW] = self.count, 0
            new = np.empty((len(self._keys) // 2 - self.count + 1, 2), np.int64)
            stopped = compiled.find(
                signs, row_ends, self._keys, self._values, state, numbers, row_pieces, new
            )
            if state[compiled.NEW]:
                self.add([text[start:end] for start, end in new[: state[compiled.NEW]].tolist()])
            self.count = int(state[compiled.KNOWN])
            if stopped == compiled.DONE:
                return numbers[: state[compiled.FOUND]], row_pieces
            if stopped == compiled.TABLE_FULL:
                self._grow()
            else:
                start, end = state[compiled.PLACE], state[compiled.END]
                piece = np.frombuffer(text[start:end] + bytes(WIDTH), np.uint8)
                (number,) = self._numbers(piece, np.zeros(1, np.int64), end - np.array([start]))
                numbers[state[compiled.FOUND]] = number
                row_pieces[state[compiled.ROW]] += 1
                state[compiled.PLACE] = end
                state[compiled.FOUND] += 1

    def _numbers(self, text: NDArray[np.uint8], starts: Positions, ends: Positions) -> Numbers:
        hashes = hashes_of(text, starts, ends)
        numbers, new = self._found(hashes)
        if not len(new):
            return numbers
        distinct, first, which = np.unique(hashes[new], return_index=True, return_inverse=True)
        order = np.argsort(first)
        given = np.empty(len(distinct), np.int32)
        given[order] = np.arange(self.count, self.count + len(distinct), dtype=np.int32)
        places = new[first[order]]
        spans = zip(starts[places].tolist(), ends[places].tolist(), strict=True)
        self.add([text[start:end].tobytes() for start, end in spans])
        self.count += len(distinct)
        if 2 * self.count > len(self._keys):
            self._grow()
        self._insert(distinct, given)
        numbers[new] = given[which]
        return numbers

    def _make_table(self, size: int) -> None:
        self._keys = np.zeros(size, np.uint64)
        self._values = np.zeros(size, np.int32)
        self._to_slot = np.uint64(65 - size.bit_length())

    def _grow(self) -> None:
        kept, held = self._keys != 0, (self._keys, self._values)
        self._make_table(1 << (4 * self.count).bit_length())
        self._insert(held[0][kept], held[1][kept])

    def _found(self, hashes: Hashes) -> tuple[Numbers, Positions]:
        """The number of each hash, and the places of those that the table lacks."""
        slots = (hashes >> self._to_slot).view(np.int64)
        keys = self._keys.take(slots)
        numbers = self._values.take(slots)
        pending = np.flatnonzero(keys != hashes)
        keys = keys[pending]
        lacking = [pending[keys == 0]]
        pending = pending[keys != 0]
        while len(pending):  # another piece has the slot: look at the next
            slots[pending] = next_slots = (slots[pending] + 1) % len(self._keys)
            keys = self._keys[next_slots]
            numbers[pending] = self._values[next_slots]
            lacking.append(pending[keys == 0])
            pending = pending[(keys != hashes[pending]) & (keys != 0)]
        return numbers, np.sort(np.concatenate(lacking))

    def _insert(self, hashes: Hashes, numbers: Numbers) -> None:
        """Hashes that the table lacks, each into the first free slot from its own on."""
        slots = (hashes >> self._to_slot).astype(np.int64)
        while len(slots):
            free, first = np.unique(slots, return_index=True)
            first = first[self._keys[free] == 0]
            self._keys[slots[first]] = hashes[first]
            self._values[slots[first]] = numbers[first]
            left = np.ones(len(slots), bool)
            left[first] = False
            slots = (slots[left] + 1) % len(self._keys)
            hashes, numbers = hashes[left], numbers[left]


def _spaces(text: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where the white space of ASCII is at which str.split splits: 9 to 13 and 28 to 32."""
    # In 8 bits what is less than the first of a range wraps around to beyond its last.
    return (text - np.uint8(9) < 5) | (text - np.uint8(28) < 5)


def hashes_of(text: NDArray[np.uint8], starts: Positions, ends: Positions) -> Hashes:
    """A hash of each piece, uint64 and never 0; WIDTH bytes must follow the last piece."""
    windows: NDArray[np.uint64] = np.ndarray((len(text) - WIDTH + 1,), "<u8", text, strides=(1,))
    lengths = ends - starts
    hashes = windows.take(starts)
    hashes &= _MASKS[np.minimum(lengths, WIDTH)]
    hashes *= FACTOR_OF_WORDS
    hashes ^= hashes >> _SHIFT
    pending, done = np.flatnonzero(lengths > WIDTH), WIDTH
    while len(pending) and done < LONGEST:
        left = lengths[pending] - done
        words = windows[starts[pending] + done] & _MASKS[np.minimum(left, WIDTH)]
        mixed = (hashes[pending] ^ words) * FACTOR_OF_WORDS
        hashes[pending] = mixed ^ (mixed >> _SHIFT)
        pending, done = pending[left > WIDTH], done + WIDTH
    for place in pending.tolist():
        piece = text[starts[place] : ends[place]].tobytes()
        hashes[place] = int.from_bytes(blake2b(piece, digest_size=8).digest(), "little")
    hashes ^= lengths.astype(np.uint64) * FACTOR_OF_LENGTH
    hashes *= FACTOR_OF_WORDS
    hashes[hashes == 0] = 1
    return hashes
