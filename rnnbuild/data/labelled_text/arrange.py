"""The second pass over text: each split's ids and targets, end to end, in files of its own."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.disk.spool import new_array
from rnnbuild.data.examples.encoded import UNSEEN
from rnnbuild.data.examples.lengths import Lengths
from rnnbuild.data.examples.splits import SPLITS, SplitName
from rnnbuild.data.labelled_text.census import Census, part_of, spans
from rnnbuild.data.labelled_text.codec import LabelledTextCodec
from rnnbuild.data.labelled_text.gather import Gathered
from rnnbuild.data.rows.hold_out import SplitNumbers
from rnnbuild.data.text.tokens import cut


def arrange(
    gathered: Gathered,
    split_of: SplitNumbers,
    census: Census,
    codec: LabelledTextCodec,
    folder: Path,
) -> None:
    """Write `NAME.COLUMN.npy` for each split, with these columns:

    rows:     int64 (rows,), which of the gathered rows these are
    values:   int32 (total,), ids, cut to the codec's `max_length`
    offsets:  int64 (rows + 1,), where in `values` each row begins, and the end
    lengths:  int32 (rows,), the number of ids of each row
    targets:  as in Encoded; with several labels at once there is `unseen` too
    """
    words = codec.vocabulary.lookup(gathered.tokens.words)
    labels = codec.label_ids(gathered.targets.words)
    writers = [
        _Writer(folder, name, lengths, codec)
        for name, lengths in zip(SPLITS, census.lengths, strict=False)
    ]
    # Rows of all splits are mixed: a span of rows is looked up once, then dealt to its splits.
    for first, last in spans(gathered.tokens.offsets):
        splits = split_of[first:last]
        codes, lengths = part_of(gathered.tokens, first, last)
        target_codes, target_lengths = part_of(gathered.targets, first, last)
        values, targets = words[codes], labels[target_codes]
        for number, writer in enumerate(writers):
            chosen = splits == number
            if chosen.any():
                writer.add(
                    np.flatnonzero(chosen) + first,
                    values[np.repeat(chosen, lengths)],
                    lengths[chosen],
                    targets[np.repeat(chosen, target_lengths)],
                    target_lengths[chosen],
                )


class _Writer:
    """Fills the arrays of one split from the start."""

    def __init__(self, folder: Path, name: SplitName, lengths: Lengths, codec: LabelledTextCodec):
        def array(column: str, dtype: Any, *shape: int) -> NDArray[Any]:
            return new_array(folder / f"{name}.{column}.npy", dtype, shape)

        rows, steps = lengths.rows, lengths.steps - lengths.over(codec.max_length)[1]
        self.codec = codec
        self.row, self.step = 0, 0
        self.rows = array("rows", np.int64, rows)
        self.values = array("values", np.int32, steps)
        self.offsets = array("offsets", np.int64, rows + 1)
        self.offsets[0] = 0
        self.lengths = array("lengths", np.int32, rows)
        if codec.multi_label:
            self.targets = array("targets", np.float32, rows, len(codec.labels))
            self.unseen = array("unseen", np.int32, rows)
        else:
            self.targets = array("targets", np.int32, steps if codec.per_step else rows)

    def add(
        self,
        rows: NDArray[np.int64],
        values: NDArray[np.int32],
        lengths: NDArray[np.int64],
        targets: NDArray[np.int32],
        target_lengths: NDArray[np.int64],
    ) -> None:
        """The next rows: their numbers, and the ids of their words and labels end to end."""
        codec = self.codec
        offsets = np.concatenate(([0], np.cumsum(lengths)))
        if codec.max_length is not None:
            uncut, offsets = cut(offsets, codec.max_length, codec.truncate)
            values = values[uncut]
            targets = targets[uncut] if codec.per_step else targets
        last_row, last_step = self.row + len(rows), self.step + len(values)
        self.rows[self.row : last_row] = rows
        self.values[self.step : last_step] = values
        self.offsets[self.row + 1 : last_row + 1] = offsets[1:] + self.step
        self.lengths[self.row : last_row] = np.diff(offsets)
        if codec.multi_label:
            # One label after another: its row, and a 1 in the column of its label if it is known.
            owners = np.repeat(np.arange(self.row, last_row), target_lengths)
            known = targets >= 0
            self.targets[owners[known], targets[known]] = 1
            lacking = owners[targets == UNSEEN] - self.row
            self.unseen[self.row : last_row] = np.bincount(lacking, minlength=len(rows))
        elif codec.per_step:
            self.targets[self.step : last_step] = targets
        else:
            self.targets[self.row : last_row] = targets
        self.row, self.step = last_row, last_step
