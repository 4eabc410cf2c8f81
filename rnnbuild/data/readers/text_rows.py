"""Rows whose texts are to be answered: what predict uses of the readers, as training `labelled`.

The text of each row is read, and the whole row is kept beside it.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rnnbuild.data.disk.files import TextFile

TEXT = "text"
"""The name of the only column of plain lines."""

TextRow = tuple[str, dict[str, Any]]
"""A text, and its row's columns by their names, in the order of the input."""
ChooseColumn = Callable[[Sequence[str]], str]
"""Chooses the column of the text. Raises DataError if there is none."""
TextReader = Callable[[TextFile, str, ChooseColumn], Iterator[TextRow]]
"""Gives a file's rows as they are read; takes the delimiter of its columns, if it has any.

Raises DataError at rows that cannot be read; those of the blocks before have been given by then.
"""


def text_of(cell: Any) -> str | None:
    """A cell as text; None if it is not text.

    A list of words is joined; another list (the steps of a sequence) stays JSON.
    """
    if isinstance(cell, list):
        words = all(isinstance(item, str) for item in cell)
        return " ".join(cell) if words else json.dumps(cell)
    return cell if isinstance(cell, str) else None
