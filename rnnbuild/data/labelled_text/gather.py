"""The first pass over text: every row is read once and stored as codes of its words and labels.

No row stays in memory: what grows with the rows is on the disk. Only the table of distinct words
grows in memory.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.disk.spool import Spool
from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.rows.note import Note
from rnnbuild.data.rows.rows import Rows, TextSource
from rnnbuild.data.text.freed import keep_freed
from rnnbuild.data.text.token_reader import TokenReader
from rnnbuild.data.text.tokeniser import Tokeniser
from rnnbuild.data.text.tokens import Tokens
from rnnbuild.errors import DataError

COLUMNS = {
    "codes": np.int32,
    "offsets": np.int64,
    "target_codes": np.int32,
    "target_offsets": np.int64,
    "hashes": np.int64,
    "lines": np.int32,
    "text_ends": np.int64,
    "texts": np.uint8,
}
"""What is stored of each row; `texts` and `text_ends` are there to show it as it was read."""


@dataclass(frozen=True, eq=False)
class Gathered:
    """All rows in the order in which they were read.

    tokens:   the words of each row
    targets:  the labels of each row: one, one for each word, or any number
    hashes:   int64 (rows,), equal where the texts are; other numbers in every process
    lines:    int32 (rows,), where in its file each row begins; 0 without a file
    sources:  the files, each with the number of its first row
    parts:    for each split with rows of its own, the first of them and the one after the last
    instead_of_test: the first of the rows that take the place of the test split, if any do
    """

    tokens: Tokens
    targets: Tokens
    hashes: NDArray[np.int64]
    lines: NDArray[np.int32]
    sources: list[tuple[int, str]]
    parts: dict[SplitName, tuple[int, int]]
    instead_of_test: int | None
    notes: list[Note]

    def __len__(self) -> int:
        return len(self.hashes)

    def place(self, row: int) -> str:
        """`file:line` where a row begins; empty for a bundled dataset."""
        source = next((name for first, name in reversed(self.sources) if first <= row), "")
        return f"{source}:{self.lines[row]}" if source else ""


def gather(source: TextSource, tokeniser: Tokeniser, folder: Path) -> Gathered:
    """Read every row of `source` into files in `folder`.

    Raises DataError for rows that cannot be read, and for a split without any.
    """
    keep_freed()
    spools = {name: Spool(folder / f"{name}.npy", dtype) for name, dtype in COLUMNS.items()}
    spools["offsets"].extend([0])
    spools["target_offsets"].extend([0])
    reader, labels = TokenReader(tokeniser), TokenReader(Tokeniser())
    sources: list[tuple[int, str]] = []
    notes: list[Note] = []

    def read(chunks: Iterable[Rows]) -> tuple[int, int]:
        first = spools["hashes"].length
        for rows in chunks:
            if rows.source and (not sources or sources[-1][1] != rows.source):
                sources.append((spools["hashes"].length, rows.source))
            notes.extend(rows.notes)
            _add(spools, rows, reader, labels)
        return first, spools["hashes"].length

    parts = {name: read(chunks) for name, chunks in source.parts.items()}
    instead = None if source.instead_of_test is None else read(source.instead_of_test)[0]
    if parts["train"][1] == 0:
        raise DataError("there are no rows to train on")
    arrays = {name: spool.array() for name, spool in spools.items()}
    return Gathered(
        Tokens(tuple(reader.table), arrays["codes"], arrays["offsets"]),
        Tokens(tuple(labels.table), arrays["target_codes"], arrays["target_offsets"]),
        arrays["hashes"],
        arrays["lines"],
        sources,
        parts,
        instead,
        notes,
    )


def _add(spools: dict[str, Spool], rows: Rows, reader: TokenReader, labels: TokenReader) -> None:
    joined, sizes = _join(rows.texts)
    if reader.tokeniser.pretokenised:
        codes, offsets = reader.read_words(rows.words)
    elif reader.tokeniser.level == "word":
        codes, offsets = reader.read_joined(joined, sizes)
    else:
        codes, offsets = reader.read(rows.texts)
    spools["offsets"].extend(offsets[1:] + spools["codes"].length)
    spools["codes"].extend(codes)
    codes, offsets = labels.read_words(rows.targets)
    spools["target_offsets"].extend(offsets[1:] + spools["target_codes"].length)
    spools["target_codes"].extend(codes)
    spools["hashes"].extend(np.fromiter(map(hash, rows.texts), np.int64, len(rows)))
    spools["lines"].extend(rows.lines or np.zeros(len(rows), np.int32))
    spools["text_ends"].extend(np.cumsum(sizes + 1) - 1 + spools["texts"].length)
    spools["texts"].extend(np.frombuffer(joined + b"\n", np.uint8) if len(rows) else [])


def _join(texts: list[str]) -> tuple[bytes, NDArray[np.int64]]:
    """Texts in UTF-8 with a line feed between them, and the number of bytes of each."""
    joined = "\n".join(texts)
    sized = texts if joined.isascii() else [text.encode() for text in texts]
    return joined.encode(), np.fromiter(map(len, sized), np.int64, len(texts))
