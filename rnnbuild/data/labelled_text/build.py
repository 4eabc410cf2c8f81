"""Labelled text, from its rows to one folder with all that training takes."""

import json
import shutil
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnbuild.config.schema.data import DataConfig, SplitConfig
from rnnbuild.data.examples.splits import SPLITS
from rnnbuild.data.kind.codec import WordCodec
from rnnbuild.data.labelled_text.arrange import arrange
from rnnbuild.data.labelled_text.census import Census, census_of
from rnnbuild.data.labelled_text.codec import LabelledTextCodec, in_order
from rnnbuild.data.labelled_text.counts import counts_of
from rnnbuild.data.labelled_text.gather import Gathered, gather
from rnnbuild.data.labelled_text.iob import TagScheme, entities_begin_with_b
from rnnbuild.data.labelled_text.notes import refuse_too_few_labels
from rnnbuild.data.rows.folds import rare_labels
from rnnbuild.data.rows.hold_out import (
    REPLACED,
    TEST,
    TRAIN,
    VALIDATION,
    SplitNumbers,
    assign_splits,
)
from rnnbuild.data.rows.note import Note
from rnnbuild.data.rows.rows import TextSource
from rnnbuild.data.text.frequent_words import NONE_KNOWN, grown, vocabulary_from
from rnnbuild.data.text.tokeniser import Tokeniser
from rnnbuild.data.text.vocabulary import Vocabulary
from rnnbuild.formatting import first_few
from rnnbuild.tasks.facts import DataFacts
from rnnbuild.tasks.table import TASKS

CONTENT = "content.json"
LAYOUT = 6
"""Increased when the folder's contents change, so that older folders are built again."""


def build(
    source: TextSource,
    data: DataConfig,
    tokeniser: Tokeniser,
    known: WordCodec | None,
    folder: Path,
) -> None:
    """Read, hold out, count and encode into `folder`, which `stored` reads.

    The codec is the `known` one, grown by what the training split has besides.

    Raises DataError for data that cannot be read or cannot be learned from.
    """
    raw = folder / "raw"
    raw.mkdir()
    gathered = gather(source, tokeniser, raw)
    scheme: TagScheme | None = None
    if TASKS[source.task].takes_words:
        codes = raw / "target_codes.npy"
        gathered, scheme = entities_begin_with_b(gathered, codes, data.tag_scheme)
    split = data.split or SplitConfig()
    one_label = not TASKS[source.task].takes_words and data.labels is None
    split_of = split_numbers(gathered, split, one_label)
    if split.folds is not None and one_label:
        gathered.notes.extend(notes_on_rare_labels(gathered, split.folds))
    census = census_of(gathered, split_of)
    labels = labels_of(gathered, census, data)
    several = data.labels is not None
    refuse_too_few_labels(labels, several)
    before = known_labels(known, source, several, labels)
    codec = LabelledTextCodec(
        source.task,
        tokeniser,
        words_of(gathered, census, data, known),
        grown(before, labels),
        data.max_length,
        data.truncate,
        several,
    )
    arrange(gathered, split_of, census, codec, folder)
    train, validation, test = census.lengths[: len(SPLITS)]
    facts = DataFacts(
        task=codec.task,
        labels=codec.labels,
        multi_label=codec.multi_label,
        vocabulary_size=codec.vocabulary.size,
        longest=min(train.longest, codec.max_length or train.longest),
        rows=(train.rows, validation.rows, test.rows),
    )
    content = {
        "codec": codec.to_json(),
        "facts": asdict(facts),
        "counts": counts_of(gathered, split_of, census, scheme, before).to_json(),
        "sources": gathered.sources,
    }
    (folder / CONTENT).write_text(json.dumps(content), encoding="utf-8")
    del gathered  # some systems do not let go of a file while it is mapped
    for name in ("texts", "text_ends", "lines", "hashes"):
        (raw / f"{name}.npy").rename(folder / f"{name}.npy")
    shutil.rmtree(raw)


def split_numbers(gathered: Gathered, split: SplitConfig, one_label: bool) -> SplitNumbers:
    """The split of every row: the one it was read for, or one held out from training.

    With `one_label` each row has one, of which every fold has its share.
    """
    numbers = np.zeros(len(gathered), np.int8)
    parts = gathered.parts
    for name, number in (("validation", VALIDATION), ("test", TEST)):
        if name in parts:
            first, last = parts[name]
            numbers[first:last] = number
    first, last = parts["train"]
    numbers[first:last] = assign_splits(
        gathered.hashes[first:last],
        split,
        "validation" not in parts,
        "test" not in parts,
        labels_of_rows(gathered, first, last) if one_label else None,
    )
    if gathered.instead_of_test is not None:
        numbers[numbers == TEST] = REPLACED
        numbers[gathered.instead_of_test :] = TEST
    return numbers


def labels_of_rows(gathered: Gathered, first: int, last: int) -> NDArray[np.int64]:
    """The code of each row's label, where each of these rows has one."""
    targets = gathered.targets
    return targets.codes[targets.offsets[first:last]].astype(np.int64)


def notes_on_rare_labels(gathered: Gathered, folds: int) -> list[Note]:
    """A note where the texts of a label are fewer than the folds, and how many it has."""
    first, last = gathered.parts["train"]
    rare = rare_labels(gathered.hashes[first:last], labels_of_rows(gathered, first, last), folds)
    if not rare:
        return []
    names = [f"`{gathered.targets.words[code]}` ({count})" for code, count in rare.items()]
    return [
        Note(
            f"labels with fewer texts than the {folds:,} folds: {first_few(names)}; some folds are "
            "not tested on them, and a label with 1 text is not in training where it is tested",
            "Add rows with these labels, or lower `data.split.folds`.",
        )
    ]


def words_of(
    gathered: Gathered, census: Census, data: DataConfig, known: WordCodec | None
) -> Vocabulary:
    """The vocabulary, from the training split alone: nothing is taken from the other two."""
    wanted = data.vocabulary
    return vocabulary_from(
        gathered.tokens.words,
        census.words,
        wanted.size,
        wanted.min_count,
        shapes=wanted.unknown == "shape",
        known=NONE_KNOWN if known is None else known.vocabulary,
    )


def labels_of(gathered: Gathered, census: Census, data: DataConfig) -> tuple[str, ...]:
    """The labels of the training split, or those that the config lists, in order."""
    if isinstance(data.labels, tuple):
        return data.labels
    names = gathered.targets.words
    return in_order(names[code] for code in np.flatnonzero(census.labels[TRAIN]).tolist())


def known_labels(
    known: WordCodec | None, source: TextSource, several: bool, labels: Iterable[str]
) -> tuple[str, ...]:
    """The labels of a `known` codec, where its answers are of the same kind as those of the data
    and the two have a label in common. Otherwise, they are those of another question: none."""
    if not isinstance(known, LabelledTextCodec):
        return ()
    alike = known.task == source.task and known.multi_label == several
    return known.labels if alike and not frozenset(known.labels).isdisjoint(labels) else ()
