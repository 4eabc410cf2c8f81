"""Counts of labelled text, made once when it is read, behind notes and the health check."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from rnnbuild.data.examples.lengths import Lengths
from rnnbuild.data.examples.splits import SPLITS, SplitName, by_split
from rnnbuild.data.labelled_text.census import Census, spans
from rnnbuild.data.labelled_text.gather import Gathered
from rnnbuild.data.labelled_text.iob import TagScheme
from rnnbuild.data.rows.hold_out import REPLACED, TRAIN, SplitNumbers, known_from_training
from rnnbuild.data.rows.note import Note

PLACED = 3
"""Labels of one kind whose first row is looked up."""


@dataclass(frozen=True)
class SplitCounts:
    """One split, before anything is cut."""

    lengths: Lengths
    empty: int
    """Texts without words."""
    first_empty: str
    """`file:line` of the first, where there is one."""
    known: int
    """Rows whose text is in the training split too, unless it is empty; 0 for training itself."""
    unlabelled: int
    """Rows without a label, where a row has any number of them."""
    labels: Mapping[str, int]
    """Count of each label in this split, including those that training lacks."""
    places: Mapping[str, str] = field(default_factory=dict)
    """`file:line` of the first labels that occur once in training, or that training lacks."""


@dataclass(frozen=True)
class TextCounts:
    """The counts of all splits."""

    train: SplitCounts
    validation: SplitCounts
    test: SplitCounts
    reading: tuple[Note, ...]
    """What was odd in the files, a sentence each."""
    tag_scheme: TagScheme | None
    """How entities begin, where some begin with I-."""
    known: tuple[str, ...] = ()
    """Labels of the run that training starts from, which may be answered without being in it."""

    @property
    def seen_once(self) -> list[str]:
        """Labels that occur only once in training."""
        return [label for label, count in self.train.labels.items() if count == 1]

    def unseen(self, name: SplitName) -> dict[str, int]:
        """Labels of a split that training lacks and that are not known, with their counts there."""
        counts = by_split(self)[name].labels
        answered = {*self.train.labels, *self.known}
        return {label: n for label, n in counts.items() if label not in answered}

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, saved: dict[str, Any]) -> "TextCounts":
        def split(name: SplitName) -> SplitCounts:
            return SplitCounts(
                **{**saved[name], "lengths": Lengths.from_json(saved[name]["lengths"])}
            )

        return cls(
            split("train"),
            split("validation"),
            split("test"),
            tuple(Note(**note) for note in saved["reading"]),
            saved["tag_scheme"] and TagScheme.from_json(saved["tag_scheme"]),
            tuple(saved["known"]),
        )


def counts_of(
    gathered: Gathered,
    split_of: SplitNumbers,
    census: Census,
    scheme: TagScheme | None,
    known_labels: tuple[str, ...],
) -> TextCounts:
    """The counts of every split; `split_of` (rows,) is the split of each row."""
    # An empty text, the one token 0, is not one that training has taught.
    empty_rows = np.asarray(gathered.tokens.codes[gathered.tokens.offsets[:-1]]) == 0
    known = known_from_training(gathered.hashes, np.where(empty_rows, REPLACED, split_of))

    def split(number: int) -> SplitCounts:
        empty = int(census.empty[number])
        labels = census.labels[number]
        placed = labels == 1 if number == TRAIN else (labels > 0) & (census.labels[TRAIN] == 0)
        placed[0] = False  # code 0 means no label
        names = gathered.targets.words
        return SplitCounts(
            lengths=census.lengths[number],
            empty=empty,
            first_empty=gathered.place(int(census.first_empty[number])) if empty else "",
            known=known.get(number, 0),
            unlabelled=int(labels[0]),
            labels={names[code]: int(labels[code]) for code in np.flatnonzero(labels) if code},
            places={
                names[code]: gathered.place(_first_row(gathered, split_of, number, code))
                for code in np.flatnonzero(placed)[:PLACED].tolist()
            },
        )

    train, validation, test = (split(number) for number in range(len(SPLITS)))
    return TextCounts(train, validation, test, tuple(gathered.notes), scheme, known_labels)


def _first_row(gathered: Gathered, split_of: SplitNumbers, number: int, code: int) -> int:
    """The first row of a split that has a label."""
    targets = gathered.targets
    for first, last in spans(targets.offsets):
        offsets = targets.offsets[first : last + 1]
        places = np.flatnonzero(targets.codes[offsets[0] : offsets[-1]] == code) + offsets[0]
        rows = np.searchsorted(offsets, places, side="right") - 1 + first
        rows = rows[split_of[rows] == number]
        if len(rows):
            return int(rows[0])
    raise ValueError(f"no row of split {number} has the label {targets.words[code]}")
