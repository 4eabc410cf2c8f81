"""A bundled dataset as the content of a file that can be read back, changed and trained on."""

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from rnnbuild.data.bundled.sheet import SPLIT, Sheet
from rnnbuild.data.disk.files import ending
from rnnbuild.data.examples.splits import SPLITS
from rnnbuild.errors import DataError
from rnnbuild.tasks.table import TASKS


def sheet_as_bytes(sheet: Sheet, path: Path) -> bytes:
    """The content of the file, by its ending: one of WRITERS, or with `.gz`.

    Where the rows are of several splits, a column says which; a CoNLL file has no room for that,
    and contains one split after the other; so does plain text.
    Raises DataError for another ending, for CoNLL if the labels are not those of words, and for
    plain text if the rows have labels.
    """
    write = WRITERS.get(ending(path))
    if write is None:
        raise DataError(
            f"the ending of {path} does not say how to write it",
            hint=f"one of {', '.join(f'`{known}`' for known in WRITERS)}; `.gz` may follow",
        )
    content = write(sheet).encode()
    # Without a time inside, the same rows give the same file.
    return gzip.compress(content, mtime=0) if path.suffix.lower() == ".gz" else content


def _table(sheet: Sheet, delimiter: str) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    writer.writerow((*sheet.columns, SPLIT) if sheet.splits else sheet.columns)
    writer.writerows([_cell(value) for value in row] for row in _with_split(sheet))
    return stream.getvalue()


def _cell(value: Any) -> str:
    """Words and tags in one cell are separated by spaces; lists of numbers are JSON."""
    if isinstance(value, tuple):
        return " ".join(value)
    if value is None:
        return ""
    return json.dumps(value) if isinstance(value, list) else str(value)


def _json_lines(sheet: Sheet) -> str:
    columns = (*sheet.columns, SPLIT) if sheet.splits else sheet.columns
    return "".join(
        json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False) + "\n"
        for row in _with_split(sheet)
    )


def _conll(sheet: Sheet) -> str:
    if not TASKS[sheet.task].takes_words:
        raise DataError(
            "a CoNLL file contains words and their tags, and this dataset has none",
            hint="name a `.csv` or `.jsonl` file",
        )
    return "".join(
        "".join(f"{word}\t{tag}\n" for word, tag in zip(words, tags, strict=True)) + "\n"
        for words, tags in sheet.rows
    )


def _plain_text(sheet: Sheet) -> str:
    if TASKS[sheet.task].target != "next token":
        raise DataError(
            "a .txt file contains running text, and this dataset has rows with their targets",
            hint="name a `.csv` or `.jsonl` file",
        )
    lines = [line for (line,) in sheet.rows]
    counts = [sheet.splits.count(name) for name in SPLITS] if sheet.splits else [len(lines)]
    ends = list(accumulate(counts, initial=0))
    # A split may end within a line, in which the next one goes on.
    return "".join("\n".join(lines[start:end]) for start, end in pairwise(ends))


def lines_of(sheet: Sheet) -> int:
    """Lines of the plain text; the last may have no line end."""
    text = _plain_text(sheet)
    return text.count("\n") + (not text.endswith("\n"))


def _with_split(sheet: Sheet) -> Iterator[tuple[Any, ...]]:
    if not sheet.splits:
        return iter(sheet.rows)
    return ((*row, split) for row, split in zip(sheet.rows, sheet.splits, strict=True))


WRITERS: Mapping[str, Callable[[Sheet], str]] = {
    ".csv": lambda sheet: _table(sheet, ","),
    ".tsv": lambda sheet: _table(sheet, "\t"),
    ".jsonl": _json_lines,
    ".conll": _conll,
    ".txt": _plain_text,
}
