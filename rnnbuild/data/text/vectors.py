"""Pretrained word vectors as text: word2vec's, GloVe's and fastText's `.vec`, also gzipped.

Each line is a word and its numbers, separated by spaces; word2vec and fastText begin with a line of
two integers, the number of words and the number of numbers of each.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.disk.files import open_bytes
from rnnbuild.errors import DataError, Place, Problem

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Vectors:
    """values: float32 (words, width); found: bool (words,), whether a word has a vector."""

    values: Floats
    found: NDArray[np.bool_]


def read_vectors(path: Path, words: Sequence[str], width: int) -> Vectors:
    """The vectors of some words, read line by line: those of all other words are skipped.

    A word gets the vector of its own spelling, or else that of its lower case; if a spelling has
    several, the first. Raises DataError, with file and line, for vectors of another
    width, for text that is not a number, and for a file that cannot be read.
    """
    exact = {word.encode(): number for number, word in enumerate(words)}
    lowered: dict[bytes, list[int]] = {}
    for number, spelling in enumerate(words):
        if spelling.lower() != spelling:
            lowered.setdefault(spelling.lower().encode(), []).append(number)
    values = np.zeros((len(words), width), np.float32)
    own, lower = np.zeros(len(words), bool), np.zeros(len(words), bool)
    for line, word, numbers in _lines(path, width):
        same = exact.get(word)
        if same is not None and not own[same]:
            values[same] = _vector(path, line, word, numbers, width)
            own[same] = True
        for number in lowered.get(word, ()):
            if not own[number] and not lower[number]:
                values[number] = _vector(path, line, word, numbers, width)
                lower[number] = True
    return Vectors(values, own | lower)


def _lines(path: Path, width: int) -> Iterator[tuple[int, bytes, bytes]]:
    """Number, word and the rest of each line. Bytes that are not UTF-8 match no word."""
    with open_bytes(path) as stream:
        first = stream.readline()
        fields = first.split()
        # A vector of one number after a word that is a number would look like a header.
        header = len(fields) == 2 and all(field.isdigit() for field in fields) and width != 1
        file_width = int(fields[1]) if header else len(fields) - 1
        if file_width != width:
            raise _width_error(path, first, file_width, width)
        if not header:
            yield 1, *_split_line(first, width)
        for number, line in enumerate(stream, 2):
            if line.strip():
                yield number, *_split_line(line, width)


def _split_line(line: bytes, width: int) -> tuple[bytes, bytes]:
    """The word and its numbers. Some words of GloVe's have spaces in them."""
    line = line.rstrip()
    word, _, numbers = line.partition(b" ")
    if line.count(b" ") > width:
        word = line.rsplit(b" ", width)[0]
        numbers = line[len(word) :]
    return word, numbers


def _vector(path: Path, line: int, word: bytes, numbers: bytes, width: int) -> Floats:
    fields = numbers.split()
    place = Place(str(path), line, 1, (word + b" " + numbers.strip()).decode("utf-8", "replace"))
    if len(fields) != width:
        problem = f"{len(fields)} numbers follow the word, where the file has {width}"
        raise DataError(Problem(problem, place, "the file is damaged or cut short"))
    try:
        vector = np.array(fields, np.float32)
    except ValueError:
        vector = np.full(width, np.nan, np.float32)
    if not np.isfinite(vector).all():
        raise DataError(Problem("what follows the word is not all numbers", place))
    return vector


def _width_error(path: Path, first: bytes, file_width: int, width: int) -> DataError:
    if b"\0" in first or file_width < 1:
        return DataError(
            f"{path} does not contain word vectors as text",
            hint="its first line is a word and its numbers, or two counts; convert a binary file",
        )
    return DataError(
        f"the vectors of {path} have {file_width:,} numbers, but `model.embedding.output_dim` is "
        f"{width}",
        hint=f"set `output_dim: {file_width}`",
    )
