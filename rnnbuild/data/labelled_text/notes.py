"""Oddities of data that can still be learned from: how many, and how they are treated."""

from collections.abc import Iterator, Mapping, Sequence

from rnnbuild.data.examples.splits import HELD_OUT, by_split
from rnnbuild.data.health.shares import agree
from rnnbuild.data.labelled_text.codec import LabelledTextCodec
from rnnbuild.data.labelled_text.counts import PLACED, TextCounts
from rnnbuild.errors import DataError
from rnnbuild.formatting import percent


def notes_on(counts: TextCounts, codec: LabelledTextCodec) -> list[str]:
    """A sentence for each oddity, those of the files first."""
    notes = list(map(str, counts.reading))
    if counts.tag_scheme is not None:
        notes.append(counts.tag_scheme.text)
    notes += _empty_texts(counts)
    notes += _labels_seen_once(counts)
    notes += _labels_missing(counts)
    notes += _texts_of_training(counts)
    notes += _cut(counts, codec)
    return notes


def refuse_too_few_labels(labels: Sequence[str], several: bool) -> None:
    """Raises DataError where training has only one label, from which nothing can be learned, or
    none where a row may have `several`."""
    if len(labels) < (1 if several else 2):
        has = f"only one label, `{labels[0]}`" if labels else "no label"
        raise DataError(
            f"the training split has {has}: there is nothing to distinguish",
            hint="is `data.label` the right column, and are all classes in the training file?",
        )


def _empty_texts(counts: TextCounts) -> Iterator[str]:
    for name, split in by_split(counts).items():
        if split.empty:
            are = agree(split.empty, "text is", "texts are")
            place = _at(split.first_empty)
            yield f"{name}: {split.empty:,} empty {are} read as one unknown word{place}"


def _labels_seen_once(counts: TextCounts) -> Iterator[str]:
    once = counts.seen_once
    if once:
        occur = agree(len(once), "label occurs", "labels occur")
        yield (
            f"train: {len(once):,} {occur} only once and can hardly be learned: "
            + with_places(once, counts.train.places)
        )


def _labels_missing(counts: TextCounts) -> Iterator[str]:
    for name in HELD_OUT:
        missing, split = counts.unseen(name), by_split(counts)[name]
        if missing:
            count, total = sum(missing.values()), sum(split.labels.values())
            yield (
                f"{name}: {count:,} of {total:,} labels {agree(count, 'does', 'do')} not occur in "
                f"training and {agree(count, 'counts as a miss', 'count as misses')}: "
                + with_places(list(missing), split.places)
            )


def _texts_of_training(counts: TextCounts) -> Iterator[str]:
    for name in HELD_OUT:
        split = by_split(counts)[name]
        if split.known:
            yield (
                f"{name}: {split.known:,} of {split.lengths.rows:,} texts "
                f"{agree(split.known, 'appears', 'appear')} verbatim in the training split"
            )


def _cut(counts: TextCounts, codec: LabelledTextCodec) -> Iterator[str]:
    if codec.max_length is None:
        return
    steps = f"{codec.tokeniser.level}s"
    unscored = "; their tags are not scored" if codec.per_step else ""
    for name, split in by_split(counts).items():
        cut, lost = split.lengths.over(codec.max_length)
        if cut:
            share = percent(lost / split.lengths.steps)
            yield (
                f"{name}: {cut:,} of {split.lengths.rows:,} texts {agree(cut, 'is', 'are')} cut to "
                f"{codec.max_length:,} {steps}, which removes {share} of all {steps}"
                f"{unscored}"
            )


def with_places(labels: Sequence[str], places: Mapping[str, str]) -> str:
    """The first few labels, each with its first place, and the number of the rest."""
    names = [f"`{label}`{_at(places.get(label, ''))}" for label in labels[:PLACED]]
    more = len(labels) - len(names)
    return ", ".join(names) + (f" and {more:,} more" if more else "")


def _at(place: str) -> str:
    return f" ({place})" if place else ""
