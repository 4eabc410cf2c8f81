"""What is odd in data that can still be learned from: counted, and said with how it is treated."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.codec import labels_of
from rnnbuild.data.examples import Examples, Splits
from rnnbuild.data.rows import Rows
from rnnbuild.data.tokens import Tokens
from rnnbuild.errors import DataError, Place

NAMED = 3
"""Labels that a note names; of more it gives the number."""


def notes_on(splits: Splits, parts: list[Rows], data: DataConfig) -> Splits:
    """`splits` with their notes; `parts` are the rows that they were made of.

    Raises DataError where there is only one label, from which nothing can be learned.
    """
    _refuse_one_label(splits.train.targets)
    notes = [note for part in parts for note in part.notes]
    for (name, examples), part in zip(splits.named, parts, strict=True):
        notes += _empty_texts(name, examples, part)
    notes += _labels_seen_once(splits.train.targets, parts[0])
    for (name, examples), part in zip(splits.named[1:], parts[1:], strict=True):
        notes += _labels_missing(name, splits.train.targets, examples, part)
        notes += _texts_of_training(name, splits.train, examples)
    for name, examples in splits.named:
        notes += _cut(name, examples, splits.task == "tag", data)
    return replace(splits, notes=tuple(notes))


def _refuse_one_label(targets: Tokens) -> None:
    labels = labels_of(targets)
    if len(labels) < 2:
        found = f"only one label, `{labels[0]}`" if labels else "no label"
        raise DataError(
            f"the training split has {found}: there is nothing to tell apart",
            hint="is `data.label` the right column, and are all classes in the training file?",
        )


def _empty_texts(name: str, examples: Examples, part: Rows) -> Iterator[str]:
    tokens = examples.tokens
    empty = np.flatnonzero(tokens.codes[tokens.offsets[:-1]] == 0)
    if len(empty):
        are = "text is" if len(empty) == 1 else "texts are"
        yield f"{name}: {len(empty):,} empty {are} read as one unknown word{_at(part, empty[0])}"


def _labels_seen_once(targets: Tokens, part: Rows) -> Iterator[str]:
    once = [code for code in np.flatnonzero(targets.counts == 1).tolist() if code]
    if once:
        labels = "label stands" if len(once) == 1 else "labels stand"
        yield (
            f"train: {len(once):,} {labels} there only once, which can hardly be learned: "
            + _named(targets, once, part)
        )


def _labels_missing(name: str, trained: Tokens, examples: Examples, part: Rows) -> Iterator[str]:
    targets = examples.targets
    counts = np.where(trained.counts == 0, targets.counts, 0)
    missing = [code for code in np.flatnonzero(counts).tolist() if code]
    if missing:
        many = int(counts[missing].sum())
        yield (
            f"{name}: the training split lacks the label of {many:,} of {len(targets.codes):,}, "
            f"each of which counts as a miss: {_named(targets, missing, part)}"
        )


def _texts_of_training(name: str, train: Examples, examples: Examples) -> Iterator[str]:
    trained = set(train.texts)
    known = sum(text in trained for text in examples.texts)
    if known:
        yield f"{name}: {known:,} of {len(examples):,} texts stand in the training split too"


def _cut(name: str, examples: Examples, per_step: bool, data: DataConfig) -> Iterator[str]:
    if data.max_length is None:
        return
    lengths = examples.tokens.lengths
    cut = int((lengths > data.max_length).sum())
    if cut:
        lost = int(np.maximum(lengths - data.max_length, 0).sum())
        share = lost / len(examples.tokens.codes)
        steps = "words" if data.level != "character" else "characters"
        unscored = ", whose tags are not scored" if per_step else ""
        yield (
            f"{name}: {cut:,} of {len(examples):,} texts are cut to {data.max_length:,} {steps}: "
            f"{share:.1%} of all {steps}{unscored}"
        )


def _named(targets: Tokens, codes: list[int], part: Rows) -> str:
    names = [
        f"`{targets.words[code]}`{_at(part, _row_of(targets, code))}" for code in codes[:NAMED]
    ]
    more = len(codes) - len(names)
    return ", ".join(names) + (f" and {more:,} more" if more else "")


def _row_of(targets: Tokens, code: int) -> int:
    token = int(np.argmax(targets.codes == code))
    return int(np.searchsorted(targets.offsets, token, side="right")) - 1


def _at(part: Rows, row: int) -> str:
    place = part.place(int(row))
    return f" ({_short(place)})" if place else ""


def _short(place: Place) -> str:
    return f"{place.source}:{place.line}"
