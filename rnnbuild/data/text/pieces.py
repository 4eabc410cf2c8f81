"""Pieces of text between spaces, numbered by the million: a hash table in NumPy.

A Python dictionary takes a fifth of a microsecond and more for each word of a text. Here all the
pieces of a block of text are hashed and looked up together, and only a piece that was never seen
before is handed to Python.

Pieces are distinguished by 64-bit hashes of their bytes: among a million different pieces, two
have the same hash in one of 30 million texts.
"""

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Hashes = NDArray[np.uint64]
Numbers = NDArray[np.int32]
Positions = NDArray[np.int64]

WIDTH = 8
"""Bytes that are hashed at once."""
LONGEST = 256
"""Bytes of a piece that are hashed by NumPy; longer ones are rare and hashed one by one."""

_MASKS = np.array([(1 << 8 * size) - 1 for size in range(WIDTH + 1)], np.uint64)
"""Element n selects the bits of a word of eight bytes that belong to the last n of a piece."""
# Odd, and without a pattern in their bits: the golden ratio, as in splitmix64, and the multiplier
# of degski's mixer of 64 bits, which takes a shift of 32 too.
_FACTOR_OF_LENGTH, _FACTOR_OF_WORDS = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)
_SHIFT = np.uint64(32)


class Pieces:
    """Numbers different pieces from 0, in the order in which they are first seen.

    An open-addressed table, at most half full (Knuth, The Art of Computer Programming, volume 3,
    section 6.4, algorithm L): a piece is in the slot that the high bits of its hash name, or
    in the first free one after it.

    _keys:   uint64 (slots,), the hash of the piece in each slot; 0 in a free one
    _values: int32 (slots,), the piece's number
    """

    def __init__(self) -> None:
        self.count = 0
        self._make_table(1 << 16)

    def numbers_of(
        self, text: bytes, row_ends: Positions
    ) -> tuple[Numbers, Positions, list[bytes]]:
        """The number of every piece of a text, how many each row has, and the pieces that are new.

        `row_ends` (rows,) are the places of the white space that ends each row; the last ends the
        text. The new pieces are those of the numbers from `count` on, as it was before.
        """
        # With a space before it every piece has two edges; hashing reads WIDTH bytes at once,
        # beyond the last piece too.
        padded = np.frombuffer(b"\n" + text + bytes(WIDTH), np.uint8)
        spaces = _spaces(padded[: len(text) + 1])
        # Where space becomes piece and piece becomes space, in turn.
        edges = np.flatnonzero(spaces[1:] != spaces[:-1]) + 1
        starts, ends = edges[::2], edges[1::2]
        numbers, new = self._numbers(padded, starts, ends)
        pieces_before = np.searchsorted(starts, row_ends + 1)
        return numbers, np.diff(pieces_before, prepend=0), new

    def _numbers(
        self, text: Bytes, starts: Positions, ends: Positions
    ) -> tuple[Numbers, list[bytes]]:
        hashes = hashes_of(text, starts, ends)
        numbers, unknown = self._look_up(hashes)
        if not len(unknown):
            return numbers, []
        # A new piece may occur in the block many times: it is numbered where it occurs first, as by
        # a dictionary that sees one piece after the other.
        distinct, first, which = np.unique(hashes[unknown], return_index=True, return_inverse=True)
        order = np.argsort(first)
        given = np.empty(len(distinct), np.int32)
        given[order] = np.arange(self.count, self.count + len(distinct), dtype=np.int32)
        numbers[unknown] = given[which]
        self.count += len(distinct)
        if 2 * self.count > len(self._keys):
            self._grow()
        self._insert(distinct, given)
        places = unknown[first[order]]
        spans = zip(starts[places].tolist(), ends[places].tolist(), strict=True)
        return numbers, [text[start:end].tobytes() for start, end in spans]

    def _make_table(self, size: int) -> None:
        """An empty table of `size` slots, a power of two."""
        self._keys = np.zeros(size, np.uint64)
        self._values = np.zeros(size, np.int32)
        self._to_slot = np.uint64(65 - size.bit_length())

    def _grow(self) -> None:
        taken, keys, values = self._keys != 0, self._keys, self._values
        self._make_table(1 << (4 * self.count).bit_length())
        self._insert(keys[taken], values[taken])

    def _look_up(self, hashes: Hashes) -> tuple[Numbers, Positions]:
        """The number of each hash, and the places in `hashes` of those that the table lacks."""
        slots = (hashes >> self._to_slot).view(np.int64)
        # Nearly all of a text are pieces that were seen before, in the slot that is their own:
        # they are done by these three operations, and what follows is about the few others.
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
            # Several may want the same slot: one of them gets it, the others try the next.
            free, first = np.unique(slots, return_index=True)
            first = first[self._keys[free] == 0]
            self._keys[slots[first]] = hashes[first]
            self._values[slots[first]] = numbers[first]
            left = np.ones(len(slots), bool)
            left[first] = False
            slots = (slots[left] + 1) % len(self._keys)
            hashes, numbers = hashes[left], numbers[left]


def _spaces(text: Bytes) -> NDArray[np.bool_]:
    """Where the white space of ASCII is at which str.split splits: 9 to 13 and 28 to 32."""
    # In 8 bits what is less than the first of a range wraps around to beyond its last.
    return (text - np.uint8(9) < 5) | (text - np.uint8(28) < 5)


def hashes_of(text: Bytes, starts: Positions, ends: Positions) -> Hashes:
    """A hash of each piece, uint64 and never 0; WIDTH bytes must follow the last piece.

    A piece's bytes are taken WIDTH at a time as numbers w: h = (h ^ w) * FACTOR, and the high half
    of h is mixed into its low half, since a product carries bits upwards only. The length is mixed
    in last, so that a piece differs from itself with NULs behind it.
    """
    # Element i is the eight bytes from place i on, whatever the alignment: a view, no copy.
    windows: NDArray[np.uint64] = np.ndarray((len(text) - WIDTH + 1,), "<u8", text, strides=(1,))
    lengths = ends - starts
    # Most words have eight letters at most: these are done after the first round.
    hashes = windows.take(starts)
    hashes &= _MASKS[np.minimum(lengths, WIDTH)]
    hashes *= _FACTOR_OF_WORDS
    hashes ^= hashes >> _SHIFT
    pending, done = np.flatnonzero(lengths > WIDTH), WIDTH
    while len(pending) and done < LONGEST:
        left = lengths[pending] - done
        words = windows[starts[pending] + done] & _MASKS[np.minimum(left, WIDTH)]
        mixed = (hashes[pending] ^ words) * _FACTOR_OF_WORDS
        hashes[pending] = mixed ^ (mixed >> _SHIFT)
        pending, done = pending[left > WIDTH], done + WIDTH
    for place in pending.tolist():
        piece = text[starts[place] : ends[place]].tobytes()
        hashes[place] = int.from_bytes(blake2b(piece, digest_size=8).digest(), "little")
    hashes ^= lengths.astype(np.uint64) * _FACTOR_OF_LENGTH
    hashes *= _FACTOR_OF_WORDS
    hashes[hashes == 0] = 1  # 0 is a free slot
    return hashes
