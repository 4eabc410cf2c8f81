"""What each column of a table may be, by its cells: a text, a label, several labels, neither."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from rnnbuild.data.labelled_text.similar_labels import MISSING
from rnnbuild.data.readers.lists import list_in, words_in
from rnnbuild.data.readers.row_maker import TAGS, other_kind
from rnnbuild.data.series.date_columns import has_dates
from rnnbuild.data.series.tables import SeriesTable
from rnnbuild.formatting import percent, plural

LOOKED_AT = 2000
"""Cells of a column, at equal distances, whose words are counted."""
TEXT_NAMES = (
    *("text", "sentence", "review", "comment", "message", "body", "content", "tweet", "utterance"),
    *("question", "description", "document", "post", "abstract", "headline", "title", "subject"),
)
LABEL_NAMES = (
    *("label", "labels", "class", "category", "target", "sentiment", "intent", "topic", "y"),
    *("rating", "stars", "emotion", "type", "kind", "polarity", "language", "lang"),
)
SPLIT_NAMES = frozenset({"train", "training", "validation", "valid", "val", "dev", "test"})
"""What the cells of a column are that says which split a row is of."""
ROWS_A_LABEL = 3
"""Rows that a value has at least on average, if it is a label; two are enough for a usual name."""
MOST_LABELS = 500
LONGEST_LABEL = 5
"""Words of a label."""
MOST_NUMBERS = 20
"""Different whole numbers, at most, that are labels rather than a measure."""
SEPARATORS = ("|", ";", ",")


@dataclass(frozen=True)
class Column:
    """A column of a table, and what its cells say."""

    name: str
    cells: Sequence[str]
    place: int = 0
    """Its place among the columns of the file, from 0."""

    @cached_property
    def counts(self) -> Counter[str]:
        """Its values, without blanks around them, by their frequency; empty cells aside."""
        return Counter(cell.strip() for cell in self.cells if cell.strip())

    @property
    def values(self) -> int:
        return len(self.counts)

    @cached_property
    def filled(self) -> int:
        return sum(self.counts.values())

    @cached_property
    def sample(self) -> list[str]:
        """Some cells with content, in their order."""
        cells = [cell for cell in self.cells if cell.strip()]
        return cells[:: max(1, len(cells) // LOOKED_AT)]

    @cached_property
    def words(self) -> list[int]:
        """The number of words of each cell of the sample."""
        return [len(words_in(cell)) for cell in self.sample]

    @cached_property
    def are_numbers(self) -> bool:
        return bool(self.sample) and all(map(_is_number, self.sample))

    @cached_property
    def are_dates(self) -> bool:
        return has_dates(self.sample[:200])

    @property
    def says_split(self) -> bool:
        return self.values > 1 and {value.lower() for value in self.counts} <= SPLIT_NAMES

    @cached_property
    def is_yes_or_no(self) -> bool:
        """Whether it has 0 and 1 alone, as a column of one of several labels has."""
        return {"0", "1"} == set(self.counts) and self.filled == len(self.cells)

    @cached_property
    def has_letters(self) -> bool:
        """Whether most of its cells have a letter."""
        letters = sum(any(map(str.isalpha, cell)) for cell in self.sample)
        return 2 * letters > len(self.sample)

    @cached_property
    def may_be_text(self) -> bool:
        """Whether its cells are texts, most of them different."""
        if self.are_numbers or self.are_dates or not self.sample:
            return False
        different = 2 * self.values > self.filled or self.name.strip().lower() == TEXT_NAMES[0]
        return self.has_letters and different

    @property
    def may_be_label(self) -> bool:
        """Whether it has few values, each of which is short and recurs."""
        return self.why_no_label is None

    @cached_property
    def why_no_label(self) -> str | None:
        """Why it is no column of labels, if anything says so."""
        values = plural(self.values, "value")
        if self.values < 2 or self.values > MOST_LABELS:
            return values
        if self.says_split or self.are_dates:
            return "splits" if self.says_split else "dates"
        usual = rank(self.name, LABEL_NAMES) < len(LABEL_NAMES)
        rows = 2 if usual else ROWS_A_LABEL
        if rows * self.values > self.filled:
            return f"{values} in {plural(self.filled, 'row')}, fewer than {rows} rows for each"
        if self.are_numbers:
            if not all(float(cell).is_integer() for cell in self.counts):
                return f"{values}, not whole numbers"
            return f"{self.values} different numbers" if self.values > MOST_NUMBERS else None
        longest = max(len(value.split()) for value in self.counts)
        return f"{values} of up to {longest} words" if longest > LONGEST_LABEL else None

    @property
    def unlabelled(self) -> int:
        """Cells that are empty, or say that there is nothing."""
        missing = sum(n for value, n in self.counts.items() if value.lower() in MISSING)
        return len(self.cells) - self.filled + missing

    @cached_property
    def separator(self) -> str | None:
        """What separates the labels of a cell, where there are several: `[` for lists."""
        if not self.sample or self.are_numbers or self.are_dates:
            return None
        lists = [list_in(cell) for cell in self.sample]
        if all(each is not None for each in lists):
            return "["
        for sign in SEPARATORS:
            parts = Counter(
                part.strip() for cell in self.sample for part in cell.split(sign) if part.strip()
            )
            several = sum(sign in cell for cell in self.sample)
            short = max((len(part.split()) for part in parts), default=0) <= 3
            recur = ROWS_A_LABEL * len(parts) <= sum(parts.values())
            if 10 * several >= len(self.sample) and short and recur and len(parts) < self.values:
                return sign
        return None

    @property
    def text_evidence(self) -> str:
        words = self.words or [0]
        return (
            f"{plural(round(median(words)), 'word')} in the median, {max(words):,} at most; "
            f"{self.values:,} of {len(self.cells):,} are different"
        )

    @property
    def label_evidence(self) -> str:
        """`3 values in 2,000 rows, the most common `a` (41.0 %)`."""
        (common, count), *_, (rare, fewest) = self.counts.most_common()
        text = (
            f"{self.values:,} values in {self.filled:,} rows, the most common `{common[:40]}` "
            f"({percent(count / self.filled)})"
        )
        return f"{text}, the rarest `{rare[:40]}` ({fewest:,})" if self.values > 2 else text


def columns_of(table: SeriesTable) -> list[Column]:
    named = zip(table.columns, table.cells, strict=True)
    return [Column(name, cells, place) for place, (name, cells) in enumerate(named) if name]


def rank(name: str, usual: Sequence[str]) -> int:
    """The place of a column's name among usual ones; behind all of them if it is none."""
    plain = name.strip().lower()
    return usual.index(plain) if plain in usual else len(usual)


def texts_of(columns: Sequence[Column]) -> list[Column]:
    """The columns that may be texts: by a usual name, else the longest first."""
    texts = [column for column in columns if column.may_be_text]
    longest = sorted(texts, key=lambda column: -sum(map(len, column.sample)) / len(column.sample))
    return sorted(longest, key=lambda column: rank(column.name, TEXT_NAMES))


def labels_of(columns: Sequence[Column]) -> list[Column]:
    """The columns that may be the label: by a usual name, else the last first."""
    labels = [column for column in reversed(columns) if column.may_be_label]
    return sorted(labels, key=lambda column: rank(column.name, LABEL_NAMES))


def has_tags(text: Column, label: Column) -> bool:
    """Whether each cell of a column has a tag for each word of the text beside it.

    There are fewer different tags than words, unlike in another text of equal length.
    """
    if other_kind(list(text.cells), list(label.cells)) != TAGS:
        return False
    words, tags = (
        {word for cell in each.sample for word in words_in(cell)} for each in (text, label)
    )
    return 2 * len(tags) <= len(words)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
