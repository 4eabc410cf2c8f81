"""Plain text: a line is a text."""

from collections.abc import Iterable, Iterator

from rnnbuild.data.disk.files import TextFile
from rnnbuild.data.readers.blocks import lines_of
from rnnbuild.data.readers.text_rows import TEXT, ChooseColumn, TextRow


def lines_text_rows(file: TextFile, delimiter: str, choose: ChooseColumn) -> Iterator[TextRow]:
    """A text for each line of a file. Raises DataError, with file and line."""
    choose((TEXT,))
    return rows_of_lines(lines_of(file))


def rows_of_lines(lines: Iterable[str]) -> Iterator[TextRow]:
    """Every line is a text, an empty one too, so that line n of the answers is that of line n."""
    for line in lines:
        text = line.rstrip("\r\n")
        yield text, {TEXT: text}
