"""The rows of a generated dataset as bytes, the same in every process and version of NumPy."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.splits import by_split
from rnnbuild.data.rows.rows import RowSplits
from rnnbuild.data.sequences.codec import SequenceSplits
from rnnbuild.data.series.series import BundledSeries


def content_of(data: RowSplits | SequenceSplits | BundledSeries) -> Iterator[bytes | memoryview]:
    """All that training takes of the rows, piece by piece, each under the name of its split.

    Runs record a hash of these bytes: another form of the same rows would count as other data.
    """
    match data:
        case RowSplits():
            for name, rows in by_split(data).items():
                if rows is not None:
                    yield _line(name, "texts", rows.texts)
                    yield _line(name, "words", rows.words)
                    yield _line(name, "targets", rows.targets)
        case SequenceSplits():
            for name, sequences in by_split(data).items():
                yield from _array(name, "inputs", sequences.inputs)
                yield from _array(name, "targets", sequences.targets)
        case BundledSeries():
            series, split = data.series, data.split
            yield _line("split", split.train, split.validation, split.test, data.gaps)
            yield _line("series", series.names, str(series.frequency))
            yield from _array("series", "values", series.values)
            if series.dates is not None:
                yield from _array("series", "dates", series.dates)


def _line(*parts: Any) -> bytes:
    """JSON on a line of its own; in ASCII, so that half a character can be written too."""
    return (json.dumps(parts) + "\n").encode("ascii")


def _array(split: str, name: str, array: NDArray[Any]) -> Iterator[bytes | memoryview]:
    """Shape and type on a line, then the numbers row by row, the lowest byte of each first."""
    ordered = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    yield _line(split, name, ordered.dtype.str, ordered.shape)
    yield ordered.reshape(-1).view(np.uint8).data  # dates have no buffer of their own
