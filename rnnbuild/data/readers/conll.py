"""CoNLL: a word and its tags on each line, a blank line between sentences.

Two columns, the word and its tag; more columns, of which the first is the word and the last the
tag unless the config says otherwise; or CoNLL-U (universaldependencies.org/format.html), ten
columns with names.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.disk.content import Watch, nobody_watches
from rnnbuild.data.disk.files import ending
from rnnbuild.data.disk.text_file import TextFile
from rnnbuild.data.readers.blocks import lines_of
from rnnbuild.data.readers.faults import Cell, Faults, comment_hint
from rnnbuild.data.readers.first_column import FirstColumn
from rnnbuild.data.readers.lines import TEXT
from rnnbuild.data.readers.lists import text_of_words
from rnnbuild.data.rows.note import Note, skipped
from rnnbuild.data.rows.rows import CHUNK, Rows
from rnnbuild.errors import DataError, did_you_mean
from rnnbuild.formatting import plural
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.table import TASKS

CONLLU = ("id", "form", "lemma", "upos", "xpos", "feats", "head", "deprel", "deps", "misc")

BLANK = " "
DOCUMENT = "-DOCSTART-"
"""What stands alone before the first sentence of a document."""
_BLANKS = re.compile("[ \t]+")
_COLUMN_NUMBER = re.compile(r"[1-9][0-9]{0,5}\Z")
_WORD_NUMBER = re.compile(r"\d+\Z")
_OTHER_NUMBER = re.compile(r"\d+[-.]\d+\Z")


def read_conll(
    path: Path,
    data: DataConfig,
    task: Task,
    labelled: bool = True,
    watch: Watch = nobody_watches,
) -> Iterator[Rows]:
    """The sentences of a file; words and tags are used unchanged.

    Several blank lines count as one; the last sentence needs none after it; line ends may be
    mixed. Where rows are not `labelled`, a line may be a word alone.
    Raises DataError, with file and line, for lines that do not fit.
    """
    if not TASKS[task].takes_words:
        raise DataError(
            f"{path} labels every word, but `task: {task}` needs {TASKS[task].needs}",
            hint="`task: tag`, or a CSV file with a text column"
            if labelled
            else "write each text in a line of its own, or in the text column of a CSV file",
        )
    reader = lines_reader(path, data, labelled)
    for number, line in enumerate(lines_of(TextFile.at(path, watch, data.encoding)), 1):
        stripped = line.strip(" \t\r\n")
        if reader.comment and reader.is_comment(line, stripped, reader.inside):
            reader.comments += 1
        elif stripped:
            reader.add(number, line.rstrip("\r\n"), stripped)
        elif reader.end_sentence() and len(reader.rows) >= CHUNK:
            if not labelled:
                reader.faults.refuse()
            yield reader.take_rows()
    reader.end_sentence()
    skipped_rows = reader.faults.settle(reader.sentences, reader.bad)
    if reader.first_column is not None:
        reader.first_column.refuse_other_than_words(path, reader.columns == len(CONLLU))
    yield reader.take_rows()
    yield Rows(source=str(path), notes=[*reader.notes(), *skipped_rows])


def answered_lines(path: Path, data: DataConfig) -> Iterator["AnsweredLine"]:
    """A file's lines, to be written again with an answer to each word.

    The file has been read before, by `read_conll`.
    """
    reader = lines_reader(path, data, labelled=False)
    inside = False
    for line in lines_of(TextFile.at(path, encoding=data.encoding)):
        text = line.rstrip("\r\n")
        if reader.is_comment(line, line.strip(" \t\r\n"), inside):
            yield AnsweredLine(text)
        elif text.strip(" \t"):
            answered = reader.answered_line(text, inside)
            inside = inside or answered.is_word
            yield answered
        else:
            inside = False
            yield AnsweredLine(text)


@dataclass(frozen=True)
class AnsweredLine:
    """A line, with a place for the answer if it is that of a word."""

    before: str
    """The line up to the answer; all of it if it has none."""
    is_word: bool = False
    after: str = ""


def lines_reader(path: Path, data: DataConfig, labelled: bool) -> "Lines":
    """What gathers the sentences of a file, CoNLL-U by its format or ending."""
    universal = data.format == "conllu" or (data.format is None and ending(path) == ".conllu")
    return (UniversalLines if universal else Lines)(path, data, labelled)


def delimiter_of(files: Iterable[TextFile]) -> str:
    """What separates columns in all these files: tabs where most lines have one, else blanks.

    Raises DataError for a file that cannot be read.
    """
    tabs = others = 0
    for file in files:
        for line in lines_of(file):
            if "\t" in line and "\t" in line.strip():
                tabs += 1
            elif not line.isspace():
                others += 1
    return "\t" if tabs > others else BLANK


class Lines:
    """Gathers sentences from lines of columns, separated by `data.delimiter`: BLANK is any run of
    blanks and tabs.

    All lines have as many columns as the first. `data.text` and `data.label` may give a column's
    number from 1. A line of `-DOCSTART-` before a sentence is skipped and counted, and so are
    comments.
    """

    HINT = "a line is a word, a tab or space, and its tag"

    def __init__(self, path: Path, data: DataConfig, labelled: bool = True):
        self.path = path
        self.labelled = labelled
        self.comment = data.comment
        file = TextFile.at(path, encoding=data.encoding)
        self.faults = Faults(file, self.HINT, data.skip_bad_rows if labelled else None)
        self.sentences = self.bad = 0
        """Sentences that were read, and those with a line that does not fit."""
        self._faults_before = 0
        self.rows = Rows(source=str(path))
        self.delimiter = data.delimiter or delimiter_of([file])
        self.faults.span = self.span_from
        self.first_column = FirstColumn() if labelled and data.text is None else None
        self.columns: int | None = None
        self.first_line = ""
        self.skipped = self.comments = 0
        self.text = self.column(data.text, "text", 1)
        self.label = self.column(data.label, "label", -1)
        self.last = max(self.text, self.label) if labelled else self.text
        """The last column that is read, counted from 0."""
        self._words: list[str] = []
        self._tags: list[str] = []
        self._first = 0

    def column(self, stated: str | None, key: str, default: int) -> int:
        """The index of a column, whose number from 1 the config states."""
        if stated is None:
            return default - 1 if default > 0 else default
        if not _COLUMN_NUMBER.match(stated):
            raise DataError(
                f"`data.{key}: {stated}`: the columns of {self.path} have no names",
                hint=f"give its number from 1: `data.{key}: 2`",
            )
        return int(stated) - 1

    def add(self, number: int, line: str, stripped: str) -> None:
        """One line that is not blank."""
        fields = self.fields(line, stripped)
        if not self._words and fields[0] == DOCUMENT:
            self.skipped += 1
            return
        if self.columns is None:
            self.columns, self.first_line = len(fields), stripped
        if len(fields) != self.columns or (self.labelled and len(fields) < 2):
            message, hint = self._fault(len(fields)), self._hint(stripped)
            surplus = self.columns if len(fields) > self.columns else None
            self.faults.add(number, message, hint, cell=surplus)
            return
        if self.last >= len(fields):
            columns = plural(len(fields), "column")
            self.faults.add(number, f"there is no column {self.last + 1}: the line has {columns}")
            return
        tag = fields[self.label].strip() if self.labelled else ""
        self.add_word(number, fields[self.text].strip(), tag)

    def fields(self, line: str, stripped: str) -> list[str]:
        """The columns of a line."""
        if self.delimiter == BLANK:
            return _BLANKS.split(stripped)
        # A tab at the end alone leaves a word without a tag.
        return line.split(self.delimiter) if self.delimiter in line.rstrip() else [stripped]

    def span_from(self, line: str, number: Cell) -> tuple[int, int] | None:
        """Where the fields of a line are from a number on; None where it has fewer."""
        separator = "[ \t]+" if self.delimiter == BLANK else re.escape(self.delimiter)
        indent = len(line) - len(line.lstrip(" \t")) if self.delimiter == BLANK else 0
        ends = [indent + found.end() for found in re.finditer(separator, line[indent:].rstrip())]
        starts = [indent, *ends]
        if not isinstance(number, int) or number >= len(starts):
            return None
        return starts[number], len(line.rstrip())

    @property
    def inside(self) -> bool:
        """Whether a sentence has begun."""
        return bool(self._words)

    def is_comment(self, line: str, stripped: str, inside: bool) -> bool:
        """Whether `data.comment` says that a line is skipped.

        `inside` a sentence a line that has all columns is a word, such as `#`.
        """
        if not line.startswith(self.comment or "\n"):
            return False
        return not inside or len(self.fields(line.rstrip("\r\n"), stripped)) != self.columns

    def answered_line(self, line: str, inside: bool) -> AnsweredLine:
        """A line that is not blank, which gets its answer as a column after its last.

        `inside` says that a word of the sentence precedes it.
        """
        fields = self.fields(line, line.strip(" \t"))
        self.columns = self.columns or len(fields)
        blank = "\t" if self.delimiter == BLANK and len(fields) == 1 else self.delimiter
        if fields[0] == DOCUMENT and not inside:
            # All lines have as many columns; this one's last is the best that there is.
            return AnsweredLine(f"{line}{blank}{fields[-1].strip() if len(fields) > 1 else 'O'}")
        return AnsweredLine(f"{line.rstrip()}{blank}", is_word=True)

    def add_word(self, number: int, word: str, tag: str) -> None:
        if not self.labelled and not word:
            self.faults.add(number, "a word is empty")
            return
        if self.labelled and not (word and tag):
            self.faults.add(number, "a word or its tag is empty")
            return
        if not self._words:
            self._first = number
        self._words.append(word)
        self._tags.append(tag)

    def end_sentence(self) -> bool:
        """Finish the current sentence; returns whether there was one, which is not skipped."""
        bad = self.faults.count > self._faults_before
        self._faults_before = self.faults.count
        self.bad += bad
        if bad and self.faults.skip:
            self._words, self._tags = [], []
        if not self._words:
            return False
        self.sentences += 1
        if self.first_column is not None:
            self.first_column.add(self._words)
        self.rows.texts.append(text_of_words(self._words))
        self.rows.words.append(tuple(self._words))
        if self.labelled:
            self.rows.targets.append(tuple(self._tags))
        else:
            self.rows.columns.append({TEXT: self.rows.texts[-1]})
        self.rows.lines.append(self._first)
        self._words, self._tags = [], []
        return True

    def take_rows(self) -> Rows:
        """The sentences since the last call."""
        rows, self.rows = self.rows, Rows(source=str(self.path))
        return rows

    def notes(self) -> list[Note]:
        """Notes on what was skipped."""
        source = str(self.path)
        return [
            *skipped(source, self.skipped, "-DOCSTART- line"),
            *skipped(source, self.comments, "comment line"),
        ]

    def _hint(self, line: str) -> str | None:
        if self.delimiter == "\t" and "\t" not in line and _BLANKS.search(line):
            return (
                "most lines of the files separate columns by tabs; if blanks do too, set "
                '`data.delimiter: " "`'
            )
        return comment_hint(line) or comment_hint(self.first_line)

    def _fault(self, columns: int) -> str:
        if columns == 1 and self.labelled:
            return "a word without a tag"
        return f"{plural(columns, 'column')}, where the first line has {self.columns}"


class UniversalLines(Lines):
    """CoNLL-U. `data.label` names the column, `upos` by default, `data.text` that of the words
    (`form`).

    Comments are skipped. The parts of a multiword token are words, but the token itself (`1-2`) is
    not, nor is an empty node (`1.1`); both are counted.
    """

    HINT = "a line of CoNLL-U has ten columns, separated by tabs"

    def __init__(self, path: Path, data: DataConfig, labelled: bool = True):
        named = {"delimiter": "\t", "text": data.text or "form", "label": data.label or "upos"}
        super().__init__(path, data.model_copy(update=named), labelled)
        self.multiword, self.empty = 0, 0

    def column(self, stated: str | None, key: str, default: int) -> int:
        name = (stated or "").lower()
        if name not in CONLLU:
            raise DataError(
                f"`data.{key}: {stated}` is not a column of CoNLL-U{did_you_mean(name, CONLLU)}",
                hint=f"its columns are {', '.join(CONLLU)}",
            )
        return CONLLU.index(name)

    def add(self, number: int, line: str, stripped: str) -> None:
        if stripped.startswith("#"):
            return
        fields = line.split("\t")
        if len(fields) != len(CONLLU):
            message = f"{plural(len(fields), 'column')}, not {len(CONLLU)}"
            surplus = len(CONLLU) if len(fields) > len(CONLLU) else None
            self.faults.add(number, message, cell=surplus)
        elif _OTHER_NUMBER.match(fields[0]):
            self.multiword += "-" in fields[0]
            self.empty += "." in fields[0]
        elif not _WORD_NUMBER.match(fields[0]):
            self.faults.add(number, f"the first column is {fields[0]!r}, not the number of a word")
        else:
            tag = fields[self.label].strip() if self.labelled else ""
            self.add_word(number, fields[self.text].strip(), tag)

    def answered_line(self, line: str, inside: bool) -> AnsweredLine:
        """The line, whose answer takes the place of its tag."""
        fields = line.split("\t")
        if not _WORD_NUMBER.match(fields[0]):
            return AnsweredLine(line)
        before = "".join(f"{field}\t" for field in fields[: self.label])
        after = "".join(f"\t{field}" for field in fields[self.label + 1 :])
        return AnsweredLine(before, True, after)

    def notes(self) -> list[Note]:
        read = "; the words that they contain are read"
        return [
            *skipped(str(self.path), self.multiword, "multiword token", read),
            *skipped(str(self.path), self.empty, "empty node"),
        ]
