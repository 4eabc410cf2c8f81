"""Rows whose texts are to be answered: predict's way into the readers, as `labelled` is training's.

The text of each row is read, and the row is carried along whole.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rnnbuild.data.disk.files import TextFile

TEXT = "text"
"""What the one column of plain lines is called."""

TextRow = tuple[str, dict[str, Any]]
"""A text, and its row's columns by their names, in the order of the input."""
ChooseColumn = Callable[[Sequence[str]], str]
"""Which of these columns holds the text. Raises DataError where none does."""
TextReader = Callable[[TextFile, str, ChooseColumn], Iterator[TextRow]]
"""Gives a file's rows as they are read; takes the delimiter of its columns, if it has any.

Raises DataError at rows that cannot be read; those of the blocks before have been given by then.
"""


def text_of(cell: Any) -> str | None:
    """A cell as text; None for what is none.

    Of a list of words the text; another list (the steps of a sequence) stays JSON.
    """
    if isinstance(cell, list):
        words = all(isinstance(item, str) for item in cell)
        return " ".join(cell) if words else json.dumps(cell)
    return cell if isinstance(cell, str) else None
