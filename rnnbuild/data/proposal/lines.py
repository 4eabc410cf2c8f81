"""A file whose ending says nothing: running text, or lines of one of the forms that have no header.

A form is taken where hardly a line contradicts it, so that a text is none by chance.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from rnnbuild.config.commented import Choice
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.disk.text_file import TextFile
from rnnbuild.data.proposal.columns import LABEL_NAMES, TEXT_NAMES, Column, has_tags
from rnnbuild.data.proposal.levels import text_choices
from rnnbuild.data.proposal.proposal import Proposal, Stated
from rnnbuild.data.proposal.table import pairs_proposal
from rnnbuild.data.proposal.words import TagColumn, columns_alike, words_proposal
from rnnbuild.data.readers.blocks import lines_of
from rnnbuild.data.readers.conll import CONLLU
from rnnbuild.data.readers.formats import PARALLEL
from rnnbuild.data.readers.labelled_lines import PREFIX
from rnnbuild.data.readers.word_fields import sentence_fields
from rnnbuild.data.series.tables import FileForm, header_at
from rnnbuild.errors import DataError
from rnnbuild.formatting import plural
from rnnbuild.tasks.classify import CLASSIFY
from rnnbuild.tasks.tag import TAG

LINES = 20_000
NEARLY_ALL = 0.98
"""Share of lines that have a form."""
FEWEST = 8
"""Lines that say something."""
ROWS_A_LABEL = 5


def lines_proposal(path: Path, data: DataConfig, stated: Stated) -> Proposal | None:
    """What could be learned from lines that have a form; None where they have none: a text."""
    with_ends = islice(lines_of(TextFile.at(path, encoding=data.encoding)), LINES)
    every = [line.rstrip("\r\n") for line in with_ends]
    lines = [line for line in every if line.strip()]
    if len(lines) < FEWEST:
        return None
    return (
        _of_words(path, data, blank=len(every) - len(lines))
        or _of_labels(lines)
        or _of_columns(lines, stated)
    )


def _of_words(path: Path, data: DataConfig, blank: int) -> Proposal | None:
    """A word and its tags a line: sentences end with blank lines, and tags recur."""
    sentences = list(islice(sentence_fields(path, data), 1000))
    width = columns_alike(sentences)
    if not blank or width is None or width < 2 or len(sentences) < 2:
        return None
    universal = width == len(CONLLU) and all(
        fields[0].partition("-")[0].isdecimal() for words in sentences for fields in words
    )
    last = TagColumn(
        width - 1, Counter(f[width - 1] for words in sentences for f in words if len(f) == width)
    )
    if not universal and not (last.may_be_tags and _short(sentences)):
        return None
    proposal = words_proposal(path, data, universal, None)
    form = Choice(
        "data.format",
        "conllu" if universal else "conll",
        f"A word and its tags a line, in {width} columns, and blank lines between sentences.",
    )
    return proposal.with_choices(form, before=True)


def _short(sentences: Sequence[Sequence[Sequence[str]]]) -> bool:
    """Whether each line's first column is one short word, as in no verse or list."""
    return all(len(fields[0]) < 60 for words in sentences for fields in words)


def _of_labels(lines: Sequence[str]) -> Proposal | None:
    """Lines that begin with their label: of fastText, or by a word that recurs at the start alone.

    In a text, few words begin lines, and those also stand inside them.
    """
    parts = [line.split(None, 1) for line in lines]
    rows = [part for part in parts if len(part) == 2]
    if len(rows) < NEARLY_ALL * len(lines):
        return None
    labels = Counter(label for label, _ in rows)
    prefixed = sum(n for label, n in labels.items() if label.startswith(PREFIX))
    if prefixed < NEARLY_ALL * len(rows):
        inside = Counter(word for _, text in rows for word in text.split())
        seldom_inside = sum(inside[label] for label in labels) <= 0.01 * len(rows)
        recurs = ROWS_A_LABEL * len(labels) <= len(rows) and len(labels) > 1
        differ = 2 * len({text for _, text in rows}) > len(rows)
        if not (recurs and seldom_inside and differ):
            return None
    names = [label.removeprefix(PREFIX) for label, _ in rows]
    label = Column("label", names)
    text = Column("text", [text for _, text in rows])
    several = sum(text.startswith(PREFIX) for _, text in rows)
    because = (
        "Each line is a label and a text."
        if not several
        else f"Each line is labels and a text: {several:,} of {len(rows):,} have several labels."
    )
    choices = [Choice("data.format", "labelled-lines", because)]
    if several:
        choices.append(Choice("data.labels", "label"))
    return Proposal(
        CLASSIFY.name,
        (*choices, *text_choices(text.sample)),
        (("text", text.text_evidence), ("label", label.label_evidence)),
        f"{plural(len(rows), 'line')} with a label and a text",
    )


def _of_columns(lines: Sequence[str], stated: Stated) -> Proposal | None:
    """A text, a tab and its target on each line, without a header."""
    rows = [line.split("\t") for line in lines]
    width = Counter(map(len, rows)).most_common(1)[0][0]
    if width < 2 or sum(len(row) == width for row in rows) < NEARLY_ALL * len(rows):
        return None
    first, second = (
        Column(f"column {place + 1}", [row[place] for row in rows if len(row) > place])
        for place in (0, 1)
    )
    form = Choice("data.format", PARALLEL, f"{width} columns separated by tabs, without a header.")
    if not first.has_letters:
        return None
    proposal = columns_proposal(first, second, stated).with_choices(form, before=True)
    return replace(proposal, size=f"{plural(len(rows), 'line')} of {width} columns")


def columns_proposal(first: Column, second: Column, stated: Stated) -> Proposal:
    """What could be learned from two columns without a header: tags, labels, or texts.

    A task that is stated decides.
    """
    open_ = stated.task is None
    if stated.task == TAG.name or (open_ and has_tags(first, second)):
        seen = (("text", first.text_evidence), ("tags", "a tag for each word"))
        return Proposal(TAG.name, (), seen, task_stated=True)
    if stated.task == CLASSIFY.name or (open_ and second.may_be_label):
        seen = (("text", first.text_evidence), ("label", second.label_evidence))
        level = text_choices(first.sample)
        return Proposal(CLASSIFY.name, level, seen, task_stated=True)
    return pairs_proposal(first, second, named=False)


def header_of_table(path: Path, form: FileForm) -> bool:
    """Whether the first line of a file is the usual names of columns of texts and labels."""
    try:
        header = header_at(path, form)
    except DataError:
        return False
    sign = header.other_delimiter() or header.delimiter
    names = {name.strip().lower() for name in sign.join(header.columns).split(sign)}
    return len(names) > 1 and bool(names.intersection((*TEXT_NAMES, *LABEL_NAMES, "source")))
