"""Pretrained word vectors as text: word2vec's, GloVe's and fastText's `.vec`, also gzipped.

Each line is a word and its numbers, separated by spaces or tabs; word2vec and fastText begin with a
line of two integers, the number of words and the number of numbers of each.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, takewhile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.disk.content import open_bytes
from rnnbuild.errors import DataError, Place, Problem
from rnnbuild.formatting import plural

Floats = NDArray[np.float32]

DAMAGED = "the file is damaged or cut short"
CONVERT = (
    "convert it: gensim's KeyedVectors.load_word2vec_format(FILE, binary=True)"
    ".save_word2vec_format(NEW), or fastText's `.vec` file"
)


@dataclass(frozen=True, eq=False)
class Vectors:
    """values: float32 (words, width); found: bool (words,), whether a word has a vector.
    notes:  oddities of the file, a sentence each
    """

    values: Floats
    found: NDArray[np.bool_]
    notes: tuple[str, ...] = ()


def read_vectors(path: Path, words: Sequence[str], width: int) -> Vectors:
    """The vectors of some words, read line by line: those of all other words are skipped.

    A word gets the vector of its own spelling, or else that of its lower case; if a spelling has
    several, the first. Raises DataError, with file and line, for vectors of another width, for
    text that is not a number, for a file that cannot be read, and where no word has a vector.
    """
    exact = {word.encode(): number for number, word in enumerate(words)}
    lowered: dict[bytes, list[int]] = {}
    for number, spelling in enumerate(words):
        if spelling.lower() != spelling:
            lowered.setdefault(spelling.lower().encode(), []).append(number)
    own, lower = np.zeros(len(words), bool), np.zeros(len(words), bool)
    file = VectorFile(path, width)
    lines = file.lines()
    first = next(lines)  # another width is refused before memory is taken for it
    values = np.zeros((len(words), width), np.float32)
    repeated = 0
    for line, word, numbers in chain([first], lines):
        same = exact.get(word)
        if same is not None:
            repeated += bool(own[same])
            if not own[same]:
                values[same] = _vector(path, line, word, numbers, width)
                own[same] = True
        for number in lowered.get(word, ()):
            if not own[number] and not lower[number]:
                values[number] = _vector(path, line, word, numbers, width)
                lower[number] = True
    found = own | lower
    if len(words) and not found.any():
        raise DataError(
            f"{path} has a vector for none of the {plural(len(words), 'word')} of training",
            "vectors are for words as the data has them: of its language, its case, and not for "
            "`level: character`",
        )
    notes = file.notes()
    if repeated:
        notes.append(
            f"{path}: skipped {plural(repeated, 'line')} of words that have a vector already"
        )
    return Vectors(values, found, tuple(notes))


def refuse_other_vectors(path: Path, width: int, most: int) -> None:
    """Read the first `most` lines. Raises DataError where `read_vectors` would for any words."""
    for line, word, numbers in islice(VectorFile(path, width).lines(), most):
        _vector(path, line, word, numbers, width)


class VectorFile:
    """A file's lines as words and numbers; all lines must have `width` numbers."""

    def __init__(self, path: Path, width: int):
        self.path = path
        self.width = width
        self.separator = b" "
        self.stated: int | None = None
        """Number of words, as a first line of counts states it."""
        self.count = 0

    def lines(self) -> Iterator[tuple[int, bytes, bytes]]:
        """Number, word and the rest of each line. Bytes that are not UTF-8 match no word.

        Raises DataError for another width, and for a file that is not of this form.
        """
        with open_bytes(self.path) as stream:
            first = stream.readline(1 << 20)
            number, first = self._counts(first, stream.readline)
            self.separator = b"\t" if b"\t" in first.rstrip() else b" "
            self._refuse_other(first)
            # Blank lines at the end are no lines of words.
            for line_number, line in enumerate(chain([first], stream), number):
                if line := line.strip():
                    self.count += 1
                    yield line_number, *self._split(line_number, line)

    def notes(self) -> list[str]:
        """Oddities, once all lines are read."""
        if self.stated in (None, self.count):
            return []
        return [
            f"{self.path}: the first line counts {plural(self.stated or 0, 'word')}, and the file "
            f"has {self.count:,}"
        ]

    def _counts(self, first: bytes, readline: Callable[[int], bytes]) -> tuple[int, bytes]:
        """Number and text of the first line with a word, after the line of counts if there is."""
        fields = first.split()
        # A vector of one number after a word that is a number would look like counts.
        if len(fields) == 2 and all(field.isdigit() for field in fields) and self.width != 1:
            self.stated = int(fields[0][:18])
            if int(fields[1][:18]) != self.width:
                raise self._other_width(int(fields[1][:18]))
            return 2, readline(1 << 20)
        return 1, first

    def _refuse_other(self, first: bytes) -> None:
        """Raise DataError unless the first line is a word and `width` numbers."""
        rest = first.strip().partition(self.separator)[2].split()
        # A word may have spaces in it, so that its last pieces come first here.
        count = sum(1 for _ in takewhile(_is_number, reversed(rest)))
        if not count or b"\0" in first:
            raise _no_vectors(self.path, first)
        if count != self.width:
            raise self._other_width(count)

    def _split(self, number: int, line: bytes) -> tuple[bytes, bytes]:
        word, _, numbers = line.partition(self.separator)
        if numbers.count(b" ") + numbers.count(b"\t") + 1 == self.width:
            return word, numbers
        # Several blanks between numbers, or in words: GloVe has some.
        fields = line.rsplit(None, self.width)
        word = fields[0] if self.separator == b" " else word
        numbers = line[len(word) :]
        count = len(numbers.split())
        if b" " in word and all(map(_is_number, word.split()[1:])):
            count = len(line.split()) - 1
        if count != self.width:
            raise _damaged(self.path, number, line, count, self.width)
        return word, numbers

    def _other_width(self, width: int) -> DataError:
        return DataError(
            f"the vectors of {self.path} have {width:,} numbers, but "
            f"`model.embedding.output_dim` is {self.width}",
            hint=f"set `output_dim: {width}`",
        )


def _is_number(text: bytes) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _vector(path: Path, number: int, word: bytes, numbers: bytes, width: int) -> Floats:
    fields = numbers.split()
    line = word + b" " + numbers.strip()
    if len(fields) != width:
        raise _damaged(path, number, line, len(fields), width)
    try:
        vector = np.array(fields, np.float32)
    except ValueError:
        vector = np.full(width, np.nan, np.float32)
    if not np.isfinite(vector).all():
        problem = "what follows the word is not all finite numbers"
        raise DataError(Problem(problem, _place(path, number, line), DAMAGED))
    return vector


def _damaged(path: Path, number: int, line: bytes, count: int, width: int) -> DataError:
    numbers = "1 number follows" if count == 1 else f"{count} numbers follow"
    problem = f"{numbers} the word, where the file has {width}"
    return DataError(Problem(problem, _place(path, number, line), DAMAGED))


def _place(path: Path, number: int, line: bytes) -> Place:
    return Place(str(path), number, 1, line.decode("utf-8", "replace"))


def _no_vectors(path: Path, first: bytes) -> DataError:
    if not first:
        return DataError(f"{path} does not contain word vectors: it is empty")
    start = first[:40].decode("utf-8", "replace").strip()
    binary = not all(sign.isprintable() or sign == "\t" for sign in start) or b"\0" in first
    message = f"{path} does not contain word vectors as text"
    if binary:
        return DataError(f"{message}: it is a binary file", CONVERT)
    hint = "its lines are a word and its numbers, separated by spaces or tabs"
    return DataError(f"{message}: it begins `{start}`", hint)
