"""The records of a table line by line, where something in a block of it is unusual."""

import csv
from collections.abc import Iterator
from typing import NamedTuple

from rnnbuild.data.disk.files import beside
from rnnbuild.data.readers.blocks import LONGEST, Blocks
from rnnbuild.data.readers.faults import Faults
from rnnbuild.data.readers.table_form import TableForm
from rnnbuild.visible import shell_word

MOST_LINES = 1 << 20
"""Lines of a record. A field of so many is one whose quote was never closed."""


class Record(NamedTuple):
    """The fields of a record, none for a blank line, and the line that it begins in."""

    line: int
    fields: list[str]
    text: str = ""
    """As it is in the file, where it has several lines."""


class Records:
    """Reads records; `line` is the last line that was read, and comments are counted.

    A record whose quotes do not fit is a fault of its first line, and reading continues in the
    next: of many such lines all are found at once.
    """

    def __init__(self, blocks: Blocks, form: TableForm, faults: Faults):
        self.blocks = blocks
        self.form = form
        self.faults = faults
        self.delimiter = form.delimiter
        self.line = 0
        self.comments = 0

    def __iter__(self) -> Iterator[Record]:
        quote, comment = self.form.quote_sign, self.form.comment
        # A line without a quote is split as it is, which takes a quarter of the time; the csv
        # module reads the others, and whatever lines a quote goes on for.
        for text in self.blocks:
            self.line += 1
            if comment and text.startswith(comment):
                self.comments += 1
            elif not quote or quote not in text:
                plain = text.rstrip("\r\n")
                yield Record(self.line, plain.split(self.delimiter) if plain else [])
            elif (record := self._quoted(text)) is not None:
                yield record

    def _quoted(self, text: str) -> Record | None:
        first, lines = self.line, [text]
        reader = csv.reader(
            self._continued(lines),
            delimiter=self.delimiter,
            quotechar=self.form.quote_sign,
            strict=True,
        )
        try:
            fields = next(reader)
        except csv.Error as error:
            self._broken(first, lines, "expected after" in str(error))
            if len(lines) >= MOST_LINES:
                self.faults.refuse()  # so many lines could each be read as many again
            return None
        self.line += len(lines) - 1
        return Record(first, fields, "".join(lines) if len(lines) > 1 else "")

    def _continued(self, lines: list[str]) -> Iterator[str]:
        """The first of `lines`, then those of the file, which are added to them.

        Nothing follows MOST_LINES, or LONGEST characters, of which the csv module bounds those of
        a field and not their sum.
        """
        yield lines[0]
        size = len(lines[0])
        while size <= LONGEST and len(lines) < MOST_LINES and (text := self.blocks.readline()):
            size += len(text)
            lines.append(text)
            yield text

    def _broken(self, line: int, lines: list[str], closed: bool) -> None:
        sign = self.form.quote_sign
        message = "the quote opened in this row is never closed"
        if closed and len(lines) == 1:
            message = "text follows a closing quote"
        elif closed:
            message = (
                "the quote opened in this row is closed in line "
                f"{line + len(lines) - 1:,}, where text follows it"
            )
        hint = (
            f"a quote that is part of the text is written twice: {sign * 2}; if no field of the "
            "file has quotes around it: `data.quote: none`"
        )
        if f"\\{sign}" in lines[0]:
            name = self.faults.file.source
            source, fixed = shell_word(name), beside("fixed", name)
            hint = (
                f"a quote inside a field is written twice, {sign * 2}, and not \\{sign}: "
                f"`sed 's/\\\\{sign}/{sign * 2}/g' {source} > {fixed}`"
            )
        self.faults.add(line, message, hint)
        self.blocks.put_back_lines(lines[1:])
