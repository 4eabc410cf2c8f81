"""A sample of large files, as files that every reader reads: their heads, and parts of the rest.

Reading 3 GB to propose a config would take minutes; what a column is, some thousand rows say too.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from rnnbuild.data.disk.content import open_bytes
from rnnbuild.data.disk.encodings import HEAD as MARKED
from rnnbuild.data.disk.encodings import wide_encoding
from rnnbuild.data.disk.files import are_side_by_side, ending
from rnnbuild.data.readers.parquet import import_pyarrow
from rnnbuild.formatting import size_text

WHOLE = 16 << 20
"""Bytes up to which a file is read whole."""
HEAD = 4 << 20
"""Bytes of the beginning of a larger one; its lines have the numbers that they have in the file."""
PARTS, PART = 12, 1 << 18
"""Parts of the rest, at equal distances, and the bytes of each."""
PACKED = 4 << 20
"""Bytes up to which a gzip file is unpacked whole."""
MOST = 64 << 20
"""Bytes of several files after which no further one is looked at."""
PARQUET_ROWS = 20_000
_SENTENCE_END = re.compile(rb"\r?\n\r?\n")
_LINE_END = re.compile(rb"\n")


@dataclass(frozen=True)
class Sample:
    """A file to look at: the file itself, or a smaller one with a sample of it."""

    path: Path
    share: float = 1.0
    """The part of the file that it is, by its bytes."""
    what: str = ""
    """What was sampled; empty where the file is read whole."""

    @property
    def is_whole(self) -> bool:
        return not self.what


@dataclass(frozen=True)
class Sampled:
    """The files of a split to look at, and the pattern that names them."""

    pattern: str
    files: tuple[Path, ...]
    share: float = 1.0
    what: str = ""


def sampled(files: Sequence[Path], pattern: str, folder: Path, spread: bool) -> Sampled:
    """The files that `pattern` names, or samples of them in `folder`, which is made for them.

    Raises DataError for a file that cannot be read.
    """
    samples: list[Sample] = []
    read = 0
    for file in files:
        if read > MOST:
            break
        samples.append(sample_of(file, folder, spread))
        read += samples[-1].path.stat().st_size
    if len(samples) == len(files) and all(sample.is_whole for sample in samples):
        return Sampled(pattern, tuple(files))
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, sample in enumerate(samples):
        name = files[number].name
        path = folder / (name if len(files) <= 2 else f"{number}-{name}")
        if sample.is_whole:
            path.symlink_to(sample.path.absolute())
        elif sample.path != path:
            sample.path.rename(path)
        paths.append(path)
    sizes = [file.stat().st_size for file in files]
    share = sum(size * each.share for size, each in zip(sizes, samples, strict=False)) / sum(sizes)
    what = next((sample.what for sample in samples if sample.what), "")
    if len(files) > 2:
        what = f"{len(samples):,} of {len(files):,} files" + (f", of some {what}" if what else "")
    return Sampled(_pattern(paths, pattern, folder), tuple(paths), share, what)


def _pattern(paths: Sequence[Path], pattern: str, folder: Path) -> str:
    """The pattern of samples that are in the folder, as that of their files."""
    if are_side_by_side(pattern, Path()):
        _cut_to_equal_lines(paths)
        return str(folder / Path(pattern).name)
    return str(paths[0]) if len(paths) == 1 else f"{folder}/*"


def _cut_to_equal_lines(paths: Sequence[Path]) -> None:
    """Cut two files whose lines belong together where the shorter one ends."""
    contents = [path.read_bytes().splitlines(keepends=True) for path in paths]
    shortest = min(map(len, contents))
    for path, lines in zip(paths, contents, strict=True):
        path.unlink()  # it may be a link to the file itself
        path.write_bytes(b"".join(lines[:shortest]))


def sample_of(path: Path, folder: Path, spread: bool) -> Sample:
    """The file itself if it is small, else a sample of it with the same name in `folder`.

    Where it is not `spread` over the file, or the file is compressed or has rows of several lines,
    it is the beginning. Raises DataError for a file that cannot be read.
    """
    target = folder / path.name
    if ending(path) == ".parquet":
        return _of_parquet(path, target)
    size = path.stat().st_size
    with path.open("rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b"
    if size <= (PACKED if packed else WHOLE):
        return Sample(path)
    folder.mkdir(parents=True, exist_ok=True)
    if packed:
        return _of_gzip(path, target, size)
    with open_bytes(path) as content:
        head = content.read(HEAD)
        wide = wide_encoding(head[:MARKED]) is not None
        many_lines = ending(path) == ".csv" and _has_rows_of_several_lines(head)
        head = _whole_lines(head, path, last=wide)
        parts = list(_parts(content, size, path)) if spread and not wide and not many_lines else []
        target.write_bytes(head + b"".join(parts))
    sampled = len(head) + sum(map(len, parts))
    what = f"the first {size_text(len(head))}"
    if parts:
        what += f" and {len(parts)} parts of {size_text(PART)} from the rest"
    return Sample(target, sampled / size, f"{what} of {size_text(size)}")


def _parts(content: BinaryIO, size: int, path: Path) -> Iterator[bytes]:
    for number in range(PARTS):
        content.seek(HEAD + (size - HEAD - PART) * number // (PARTS - 1))
        part = content.read(PART)
        if (end := _border(path).search(part)) is not None:
            yield _whole_lines(part[end.end() :], path)


def _border(path: Path) -> re.Pattern[bytes]:
    """What ends a row: of CoNLL a blank line. The rows of other formats end with their line."""
    return _SENTENCE_END if ending(path) in (".conll", ".conllu", ".bio", ".iob") else _LINE_END


def _whole_lines(content: bytes, path: Path, last: bool = False) -> bytes:
    """The content up to the end of its last row; with `last` to that of the last whole unit of
    four bytes, since a line end has several bytes there."""
    if last:
        return content[: len(content) // 4 * 4]
    ends = [match.end() for match in _border(path).finditer(content)]
    return content[: ends[-1]] if ends else content


def _has_rows_of_several_lines(head: bytes) -> bool:
    """Whether a quote is open at the end of some line, so that a line may begin inside a row."""
    return any(line.count(b'"') % 2 for line in head.splitlines())


def _of_gzip(path: Path, target: Path, size: int) -> Sample:
    """The beginning, unpacked: what follows cannot be read without all before it."""
    with open_bytes(path, watched := _Watched()) as content:
        head = _whole_lines(content.read(WHOLE // 2), path)
        share = min(1.0, watched.file.tell() / size)
    # Whether a file is compressed is read from its first bytes, not from its name.
    target.write_bytes(head)
    what = f"the first {size_text(len(head))} unpacked"
    return Sample(target, share, what)


def _of_parquet(path: Path, target: Path) -> Sample:
    """The first rows. Raises MissingExtraError without pyarrow."""
    arrow, parquet = import_pyarrow()
    if path.stat().st_size <= WHOLE:
        return Sample(path)
    try:
        with path.open("rb") as stream:
            file = parquet.ParquetFile(stream)
            rows = file.metadata.num_rows
            batch = next(file.iter_batches(PARQUET_ROWS), None)
    except arrow.ArrowException:
        return Sample(path)  # its reader says what is wrong
    if batch is None or rows <= PARQUET_ROWS:
        return Sample(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(arrow.Table.from_batches([batch]), target)
    return Sample(target, batch.num_rows / rows, f"the first {batch.num_rows:,} of {rows:,} rows")


class _Watched:
    """Keeps the compressed file that is being read, for its position."""

    file: BinaryIO

    def __call__(self, file: BinaryIO) -> None:
        self.file = file
