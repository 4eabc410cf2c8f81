"""Tags as CoNLL: in the lines of the input if that is CoNLL too, else a word and its tag a line."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rnnbuild.data.readers.conll import CONLLU, AnsweredLine
from rnnbuild.errors import DataError
from rnnbuild.inference.decoding.decoder import Record
from rnnbuild.inference.writers import Stream, text_of_answer


class ConllWriter:
    """Writes sentences whose tokens each have a tag.

    With the `lines` of the input every one of them is written again, comments and blank lines too,
    with the tag in a column of its own or, in CoNLL-U, in place of the one there. Raises DataError
    for answers that are not tags, and for words that a line cannot contain.
    """

    def __init__(
        self,
        stream: Stream,
        lines: Iterator[AnsweredLine] | None = None,
        line_of: Callable[[int, str, str], str] | None = None,
    ):
        self.stream = stream
        self.lines = lines
        self.line_of = line_of or two_columns

    def write(self, records: Sequence[Record]) -> None:
        for record in records:
            tokens = record.get("tokens")
            if not isinstance(tokens, list):
                raise DataError(
                    "CoNLL is for a tag for each word, and these answers are none",
                    "write CSV or JSON instead: --format csv",
                )
            if self.lines is None:
                self._write_words(tokens)
            else:
                self._write_lines(self.lines, tokens)

    def _write_words(self, tokens: list[Any]) -> None:
        if not tokens:
            raise DataError(
                "a text without words cannot be written as CoNLL, where a blank line separates "
                "sentences",
                "write CSV or JSON instead: --format csv",
            )
        for number, token in enumerate(tokens, 1):
            word, tag = token["token"], text_of_answer(token["prediction"])
            for cell in (word, tag):
                if not cell or cell != cell.strip() or any(sign in cell for sign in "\t\r\n"):
                    raise DataError(
                        f"{cell!r} cannot be written as CoNLL: tabs and line ends separate words",
                        "write JSON instead: --format json",
                    )
            self.stream.write(f"{self.line_of(number, word, tag)}\n")
        self.stream.write("\n")

    def _write_lines(self, lines: Iterator[AnsweredLine], tokens: list[Any]) -> None:
        tags = iter([text_of_answer(token["prediction"]) for token in tokens])
        left = len(tokens)
        while left:
            line = next(lines)
            tag = next(tags) if line.is_word else ""
            self.stream.write(f"{line.before}{tag}{line.after}\n")
            left -= line.is_word

    def end(self) -> None:
        """Write the lines after the last sentence."""
        self.stream.write("".join(f"{line.before}\n" for line in self.lines or ()))


def two_columns(number: int, word: str, tag: str) -> str:
    """A word and its tag."""
    return f"{word}\t{tag}"


def ten_columns(number: int, word: str, tag: str, column: str = "upos") -> str:
    """A line of CoNLL-U in which all other columns are empty."""
    known = {"id": str(number), "form": word, column: tag}
    return "\t".join(known.get(name, "_") for name in CONLLU)
