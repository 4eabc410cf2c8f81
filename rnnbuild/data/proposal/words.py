"""A file with a word and its tags on each line: which column has the words, which the tags."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

from rnnbuild.config.commented import Choice
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.proposal.proposal import Proposal
from rnnbuild.data.readers.conll import CONLLU
from rnnbuild.data.readers.first_column import FirstColumn
from rnnbuild.data.readers.word_fields import sentence_fields
from rnnbuild.errors import DataError
from rnnbuild.formatting import first_few, percent, plural
from rnnbuild.tasks.tag import TAG, entity_types, mark_entities

MOST_TAGS = 300
WORDS_A_TAG = 5
"""Words that a tag has at least on average, in a column of tags."""
LOOKED_AT = 20_000
"""Sentences that are looked at."""
ALIKE = 0.95
"""Share of lines that have as many columns as most, in a file of words and tags."""


@dataclass(frozen=True)
class TagColumn:
    """A column of a file of words, by its place from 0."""

    place: int
    counts: Counter[str]

    @cached_property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def marks_entities(self) -> bool:
        return "O" in self.counts and mark_entities(tuple(self.counts))

    @property
    def may_be_tags(self) -> bool:
        values = len(self.counts)
        return 1 < values <= MOST_TAGS and WORDS_A_TAG * values <= self.total

    @property
    def evidence(self) -> str:
        (common, count), *_ = self.counts.most_common()
        types = entity_types(tuple(self.counts)) if self.marks_entities else ()
        what = f" of entities ({first_few(list(types), 6)})" if types else ""
        return (
            f"{len(self.counts):,} tags{what}, the most common `{common[:40]}` "
            f"({percent(count / self.total)})"
        )


def words_proposal(path: Path, data: DataConfig, universal: bool, stated: str | None) -> Proposal:
    """What could be learned from a file of words and tags; `stated` is a tag column by its name.

    Raises DataError for a file without a column of tags.
    """
    sentences = list(islice(sentence_fields(path, data), LOOKED_AT))
    if universal:
        sentences = [[f for f in words if f[0].isdecimal()] for words in sentences]
    width = columns_alike(sentences)
    if not sentences or width is None or width < 2:
        raise DataError(
            f"{path} has no tag for each word: its lines have {width or 'different numbers of'} "
            "columns",
            "a line is a word, a tab or space, and its tag; a blank line ends a sentence",
        )
    columns = [
        TagColumn(place, Counter(f[place] for words in sentences for f in words if len(f) == width))
        for place in range(width)
    ]
    text = 1 if universal else word_column(path, sentences, width)
    tags = [column for column in columns if column.place != text and column.may_be_tags]
    if universal:
        tags.sort(key=lambda column: CONLLU[column.place] != "upos")
    else:
        # The last column, as CoNLL's own shared tasks have it, unless another alone has entities.
        tags.sort(key=lambda column: (not column.marks_entities, -column.place))
    names = CONLLU if universal else tuple(str(number) for number in range(1, width + 1))
    if stated is not None:
        tags = [column for column in columns if names[column.place] == stated]
    if not tags:
        raise DataError(
            f"{path} has no column of tags: none of its {width} has few values that recur",
            "name it by its number with `--label`",
        )
    label, *others = tags
    also = first_few([f"`{names[each.place]}` ({each.evidence})" for each in others], 4)
    because = f"Column `{names[label.place]}`: {label.evidence}."
    because += f" Others: {also}." if also else ""
    lengths = sorted(map(len, sentences))
    words, typical = sum(map(len, sentences)), plural(lengths[len(lengths) // 2], "word")
    choices = [Choice("data.label", _as_written(names[label.place]), because)]
    if text != (1 if universal else 0):
        why = f"The first of {width} columns has no words."
        choices.insert(0, Choice("data.text", _as_written(names[text]), why))
    return Proposal(
        TAG.name,
        tuple(choices),
        (
            ("sentences", f"{typical} in the median, {lengths[-1]:,} at most"),
            ("tags", f"column {names[label.place]}: {label.evidence}"),
        ),
        f"{plural(len(sentences), 'sentence')}, {words:,} words",
        (f"other columns have tags too: {also}: `data.label`",) if also else (),
    )


def _as_written(name: str) -> str | int:
    """A column's name, or its number as YAML has it without quotes."""
    return int(name) if name.isdecimal() else name


def columns_alike(sentences: Sequence[Sequence[Sequence[str]]]) -> int | None:
    """The number of columns that most lines have; None where too many lines have another."""
    widths = Counter(len(fields) for words in sentences for fields in words)
    if not widths:
        return None
    ((width, count),) = widths.most_common(1)
    return width if count >= ALIKE * widths.total() else None


def word_column(path: Path, sentences: Sequence[Sequence[Sequence[str]]], width: int) -> int:
    """The first column that has words, by what is refused for a first column."""
    for place in range(width - 1):
        column = FirstColumn()
        for words in sentences:
            column.add([fields[place] for fields in words if len(fields) > place] or [""])
        try:
            column.refuse_other_than_words(path, universal=False)
        except DataError:
            continue
        return place
    return 0
