"""Labelled rows by a codec that came without data: they are all there is, and a test split."""

from collections.abc import Iterable
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import UNSEEN, Encoded, end_to_end
from rnnbuild.data.kind.loaded import Loaded
from rnnbuild.data.labelled_text.codec import LabelledTextCodec
from rnnbuild.data.rows.note import Note
from rnnbuild.data.rows.rows import Rows, rows_of
from rnnbuild.data.text.tokens import cut
from rnnbuild.errors import DataError, Problem
from rnnbuild.formatting import first_few, plural
from rnnbuild.tasks.facts import DataFacts


def given_labelled_text(
    codec: LabelledTextCodec, facts: DataFacts, chunks: Iterable[Rows]
) -> Loaded:
    """The rows as the test split, without any to train on: there are no trivial answers.

    Raises DataError where none of their labels is one of the codec's.
    """
    rows = rows_of(chunks)
    refuse_other_labels(codec, rows)
    nothing = codec.encode_texts([])
    return Loaded(
        facts=facts,
        codec=codec,
        train=nothing,
        validation=nothing,
        test=encoded_rows(codec, rows),
        baselines=lambda name: {},
        row_text=lambda name, row: rows.texts[row],
        row_place=lambda name, row: rows.place(row),
        notes=tuple(map(str, [*rows.notes, *unknown_labels(codec, rows)])),
    )


def refuse_other_labels(codec: LabelledTextCodec, rows: Rows) -> None:
    """Raises DataError where no row has a label that the model knows: all would be mistakes."""
    labels = set(chain.from_iterable(rows.targets))
    if labels and labels.isdisjoint(codec.labels):
        raise DataError(
            Problem(
                f"the labels of the rows, {first_few(sorted(labels))}, are none of the model's, "
                f"{first_few(list(codec.labels))}",
                hint="name them, in the order of the outputs, when the model is adopted: "
                "rnnbuild adopt MODEL.keras --labels A,B",
            )
        )


def unknown_labels(codec: LabelledTextCodec, rows: Rows) -> list[Note]:
    """A note where some rows have a label that the model does not know."""
    known = frozenset(codec.labels)
    count = sum(not known.issuperset(labels) for labels in rows.targets)
    has = "has" if count == 1 else "have"
    text = f"test: {plural(count, 'row')} {has} a label that the model lacks, which is a mistake"
    return [Note(text)] if count else []


def encoded_rows(codec: LabelledTextCodec, rows: Rows) -> Encoded:
    """The rows as numbers, with their targets."""
    encoded = codec.encode_texts(rows.words if codec.takes_words else rows.texts)
    targets = [codec.label_ids(row) for row in rows.targets]
    if codec.multi_label:
        return with_label_sets(encoded, targets, len(codec.labels))
    every = np.concatenate([np.zeros(0, np.int32), *targets])
    if codec.per_step and codec.max_length is not None:
        offsets = np.cumsum([0, *map(len, targets)]).astype(np.int64)
        every = every[cut(offsets, codec.max_length, codec.truncate)[0]]
    return end_to_end(encoded.values, encoded.offsets, every, codec.per_step)


def with_label_sets(encoded: Encoded, targets: list[NDArray[Any]], labels: int) -> Encoded:
    """Rows that have any number of labels each."""
    table = np.zeros((len(targets), labels), np.float32)
    for row, ids in enumerate(targets):
        table[row, ids[ids >= 0]] = 1
    unseen = np.array([int((ids == UNSEEN).sum()) for ids in targets], np.int32)
    return end_to_end(encoded.values, encoded.offsets, table, False, unseen)
