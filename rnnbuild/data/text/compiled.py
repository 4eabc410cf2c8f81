"""What `pieces` and `tokens` do with NumPy, as loops that Numba compiles: in less time.

To load Numba takes as long as the loops save on 65 MB of text, where many words are new, to 250 MB,
so who reads less does without it, unless it is loaded already (see `tokens`). What is read is the
same either way: the table of pieces and their hashes are those of `pieces`.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.cache import keep_compiled
from rnnbuild.data.text.pieces import FACTOR_OF_LENGTH, FACTOR_OF_WORDS, LONGEST

keep_compiled()

from numba import njit  # noqa: E402  where it keeps what it compiles is read as it is imported

loop: Any = njit(nogil=True, cache=True)

DONE, TABLE_FULL, TOO_LONG = 0, 1, 2
"""Why `find` came back: the text is at its end, or Python has to see to the piece it stands at."""
ROW, PLACE, FOUND, KNOWN, NEW, END = STATE = range(6)
"""What `find` keeps in its `state`: the row and the place that it goes on from; how many pieces it
found; how many different ones there are; how many of these it was the first to see; where the
piece ends that it stands at."""


@loop
def find(
    text: NDArray[np.uint8],
    row_ends: NDArray[np.int64],
    keys: NDArray[np.uint64],
    values: NDArray[np.int32],
    state: NDArray[np.int64],
    numbers: NDArray[np.int32],
    row_pieces: NDArray[np.int64],
    new: NDArray[np.int64],
) -> int:
    """Number the pieces of a text from where `state` stands, and put new ones into the table.

    `numbers` (pieces,) and `row_pieces` (rows,) are filled; `new` (new pieces, 2) gets the start
    and end of each piece that was never seen before. White space stands at every row's end.
    """
    mix, one, byte = FACTOR_OF_WORDS, np.uint64(1), np.uint64(8)
    half, full = np.uint64(32), np.uint64(64)
    last = np.uint64(len(keys) - 1)
    to_slot = np.uint64(64)
    while last >> (np.uint64(64) - to_slot):
        to_slot -= one
    place, found, known, fresh = state[PLACE], state[FOUND], state[KNOWN], state[NEW]
    for row in range(state[ROW], len(row_ends)):
        end = row_ends[row]
        while place < end:
            start, hashed, word, bits = place, np.uint64(0), np.uint64(0), np.uint64(0)
            while True:
                sign = text[place]
                if sign <= 32 and (sign == 32 or sign >= 28 or 9 <= sign <= 13):
                    break
                if bits == full:
                    hashed = (hashed ^ word) * mix
                    hashed ^= hashed >> half
                    word = bits = np.uint64(0)
                word |= np.uint64(sign) << bits
                bits += byte
                place += 1
            if place == start:
                place += 1
                continue
            state[ROW], state[PLACE], state[END] = row, start, place
            state[FOUND], state[KNOWN], state[NEW] = found, known, fresh
            if place - start > LONGEST:
                return TOO_LONG
            hashed = (hashed ^ word) * mix
            hashed ^= hashed >> half
            hashed = (hashed ^ np.uint64(place - start) * FACTOR_OF_LENGTH) * mix
            if hashed == 0:
                hashed = one
            slot = hashed >> to_slot
            while keys[slot] != hashed and keys[slot] != 0:
                slot = (slot + one) & last
            if keys[slot] == 0:
                if 2 * known >= len(keys):
                    return TABLE_FULL
                keys[slot], values[slot] = hashed, known
                new[fresh, 0], new[fresh, 1] = start, place
                known += 1
                fresh += 1
            numbers[found] = values[slot]
            found += 1
            row_pieces[row] += 1
    state[ROW], state[FOUND], state[KNOWN], state[NEW] = len(row_ends), found, known, fresh
    return DONE


@loop
def words_of_pieces(
    numbers: NDArray[np.int32],
    row_pieces: NDArray[np.int64],
    ends: NDArray[np.int64],
    codes: NDArray[np.int32],
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The codes of the words of all pieces, and of each row its number of words.

    The words of piece i are codes[ends[i]:ends[i + 1]].
    """
    total = 0
    for number in numbers:
        total += ends[number + 1] - ends[number]
    words = np.empty(total, np.int32)
    row_words = np.zeros(len(row_pieces), np.int64)
    word = piece = 0
    for row in range(len(row_pieces)):
        first = word
        for _ in range(row_pieces[row]):
            number = numbers[piece]
            piece += 1
            for place in range(ends[number], ends[number + 1]):
                words[word] = codes[place]
                word += 1
        row_words[row] = word - first
    return words, row_words
