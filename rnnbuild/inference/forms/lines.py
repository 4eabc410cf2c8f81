"""A text each line; its answer follows behind a tab, and behind another its probability."""

from collections.abc import Iterator, Sequence
from typing import TextIO

from rnnbuild.inference.forms.record import Record, cells_of
from rnnbuild.inference.forms.source import Source

TEXT = "text"


def read_lines(source: Source) -> Iterator[Record]:
    """Every line is a text, an empty one too, so that line n of the answers is that of line n."""
    for line in source.lines:
        yield {TEXT: line.rstrip("\r\n")}


class LinesWriter:
    """Cells set apart by tabs. A text that holds one keeps it: the answer is what is last."""

    def __init__(self, stream: TextIO):
        self.stream = stream

    def write(self, records: Sequence[Record]) -> None:
        rows = ("\t".join(map(str, row.values())) for row in cells_of(records))
        self.stream.writelines(f"{row}\n" for row in rows)

    def end(self) -> None:
        """Nothing follows."""
