"""From a config's `data` to what training takes, whatever the kind of data."""

import os
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rnnbuild.config.folds import in_order
from rnnbuild.config.schema.data import DataConfig, SplitConfig
from rnnbuild.data.bundled.registry import bundled_rows
from rnnbuild.data.disk.files import GLOB_SIGNS, are_side_by_side, files_by_split, find_files
from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.fingerprint import glance_key
from rnnbuild.data.idle import refuse_idle, refuse_idle_in
from rnnbuild.data.kind.codec import Codec, RowCodec, WordCodec
from rnnbuild.data.kind.known import read_as_known, refuse_text, words_known
from rnnbuild.data.kind.loaded import Loaded
from rnnbuild.data.labelled_text.codec import LabelledTextCodec
from rnnbuild.data.labelled_text.given import given_labelled_text
from rnnbuild.data.labelled_text.load import load_labelled_text
from rnnbuild.data.pairs.load import load_pairs
from rnnbuild.data.readers.formats import (
    PARALLEL,
    READERS,
    TEXT,
    format_of,
    read_like,
    settled,
    task_of,
    with_implied_format,
)
from rnnbuild.data.readers.parallel import read_side_by_side
from rnnbuild.data.rows.hold_out import hold_out
from rnnbuild.data.rows.rows import Rows, RowSplits, TextSource, rows_of, source_of, splits_of
from rnnbuild.data.running_text.load import load_running_text
from rnnbuild.data.sequences.codec import SequenceSplits
from rnnbuild.data.sequences.load import load_sequences
from rnnbuild.data.series.load import load_series, load_series_files
from rnnbuild.data.series.series import BundledSeries
from rnnbuild.data.series.tables import FileForm, format_at
from rnnbuild.data.text.tokeniser import Level
from rnnbuild.data.text.tokeniser_choice import tokeniser_of
from rnnbuild.errors import DataError, Place, Problem
from rnnbuild.tasks.facts import DataFacts, Task
from rnnbuild.tasks.forecast import FORECAST
from rnnbuild.tasks.table import TASKS


def load_data(
    data: DataConfig,
    base: Path,
    task: Task | None = None,
    test: Path | None = None,
    settings: Mapping[str, Any] = MappingProxyType({}),
    known: Codec | None = None,
) -> Loaded:
    """All that training and resolving need of the data that a config names.

    Paths are relative to `base`; `task` is the config's, if it states one. A split without files
    of its own is held out from `train` (see `hold_out`). A file `test` takes the place of the test
    split, and leaves the other two as they are; `settings` are the keys of `data` that say how it
    is read, where it is written otherwise.

    `known` is the codec of the run that training starts from: its words and labels keep their
    numbers, and those that training has besides come behind them. Growing by the same data again
    changes nothing, so that a run's own codec grows into itself. Where the config leaves open how
    text is read, it is read as there. Numbers are scaled by this data alone, whatever is known.
    Raises DataError for data that cannot be read or cannot be learned from.
    """
    loaded = _loaded(data, base, task, test, settings, known)

    def row_place(name: SplitName, row: int) -> str:
        # A bundled dataset's files are nobody's to look into.
        place = loaded.row_place(name, row) if data.dataset is None else ""
        return place.removeprefix(f"{base}{os.sep}")

    placed = replace(loaded, row_place=row_place)
    return placed if data.folds is None or test is not None else with_every_row_tested(placed, data)


def with_every_row_tested(loaded: Loaded, data: DataConfig) -> Loaded:
    """The data of a run with folds, whose facts count each row that is tested out of fold.

    Its test split is empty: the run's own model is trained on all of them.
    """
    train, validation, _ = loaded.facts.rows
    tested = train + (validation if data.validation is None else 0)
    return replace(loaded, facts=replace(loaded.facts, rows=(train, validation, tested)))


def _loaded(
    data: DataConfig,
    base: Path,
    task: Task | None,
    test: Path | None,
    settings: Mapping[str, Any],
    known: Codec | None,
) -> Loaded:
    """As `load_data`; places of rows have whole paths."""
    data = with_implied_format(data, task)
    numbers = data.is_series if task is None else TASKS[task].target == "numbers"
    if data.dataset is None and numbers:
        refuse_folds(data, "a series", "values")
        refuse_idle(data, FORECAST.name, series=True)
        refuse_text(known)
        paths = [path for files in files_by_split(data, base).values() for path in files]
        if paths:
            refuse_idle_in(data, {format_at(path, FileForm(data.format)) for path in paths})
        return load_series_files(data, base, test, settings)
    rows = bundled_rows(data, task) if data.dataset else _files(data, base, task)
    if isinstance(rows, BundledSeries | SequenceSplits):
        refuse_text(known)
    if isinstance(rows, BundledSeries):
        refuse_idle(data, FORECAST.name, series=True)
        alike = data.model_copy(update={"gaps": rows.gaps})
        return load_series(rows.series, alike, rows.split, test=test, settings=settings)
    if isinstance(rows, SequenceSplits):
        refuse_idle(data, FORECAST.name)
        if test is not None:
            raise DataError(
                f"`{data.dataset}` has no files, so {test} cannot replace its test split"
            )
        return load_sequences(rows, data)
    refuse_idle(data, rows.task)
    words = words_known(known)
    data = read_as_known(data, words, rows.task)
    target = TASKS[rows.task].target
    instead = None if test is None else _rows_of(test, data, settings, rows.task)
    if target == "text":
        splits = rows if isinstance(rows, RowSplits) else splits_of(rows)
        return _pairs(splits, data, instead, words)
    source = rows if isinstance(rows, TextSource) else source_of(rows)
    source = replace(source, instead_of_test=instead, instead_named=str(test or ""))
    if target == "next token":
        refuse_folds(data, "running text", "text")
        return load_running_text(source, data, words)
    glanced = glance_key(data, base, instead.paths if instead else (), settings, words)
    return load_labelled_text(source, data, glanced, words)


def _rows_of(file: Path, data: DataConfig, settings: Mapping[str, Any], task: Task) -> "FileRows":
    """The rows of a file that is none of the config's own, or of two side by side: `a.{en,fr}`."""
    if are_side_by_side(str(file), Path()):
        in_two = read_like(file, data, {"format": PARALLEL, **settings}, task)
        _refuse_two_sides(str(file), in_two, None)
        return FileRows(find_files(str(file), Path(), "test"), in_two, task, in_pairs=True)
    alike = settled(read_like(file, data, settings, task), [file])
    files = files_of_text(file) if TASKS[task].target == "next token" else []
    return FileRows(files or [file], alike, task)


def refuse_folds(data: DataConfig, what: str, parts: str) -> None:
    """Raises DataError for folds of data that goes on from row to row."""
    if data.split is not None and data.split.folds is not None:
        message, hint = in_order(what, parts)
        raise DataError(Problem(message, data.place("split", "folds"), hint))


def load_given(
    codec: RowCodec, facts: DataFacts, test: Path | None, settings: Mapping[str, Any]
) -> Loaded:
    """The data of a model that came without any: nothing, or a file `test` of labelled rows, which
    is read as its ending and the `settings` say.

    Raises DataError where it cannot be read, or the model has no labels.
    """
    if test is None:
        nothing = codec.encode_texts([])
        return Loaded(
            facts, codec, nothing, nothing, nothing, lambda name: {}, lambda name, row: ""
        )
    if not isinstance(codec, LabelledTextCodec):
        raise DataError(
            f"the model reads sequences of numbers, and no file like {test} has rows of these",
            hint="answer them: `rnnbuild predict` takes each as JSON, [[0.3, 1], [0.5, 0]]",
        )
    rows = _rows_of(test, DataConfig(train=str(test)), settings, codec.task)
    return given_labelled_text(codec, facts, rows)


def _pairs(
    rows: RowSplits,
    data: DataConfig,
    instead_of_test: Iterable[Rows] | None,
    known: WordCodec | None,
) -> Loaded:
    rows = hold_out(rows, data.split or SplitConfig())
    if instead_of_test is not None:
        rows = replace(rows, test=rows_of(instead_of_test))
    tokeniser = tokeniser_of(data, rows.task, rows.level, rows.pretokenised)
    return load_pairs(rows, data, tokeniser, known)


def _files(data: DataConfig, base: Path, task: Task | None) -> TextSource:
    if data.train is None:
        raise DataError(
            "no data is named",
            hint="name a bundled dataset with `data.dataset` or a file with `data.train`",
        )
    paths = files_by_split(data, base)
    task = task or task_of(format_of(paths["train"][0], data.format), data)
    if TASKS[task].target == "numbers":
        raise DataError(f"`task: {task}` needs another kind of data than labelled text")
    every = [path for files in paths.values() for path in files]
    pairs = {key for key in paths if are_side_by_side(getattr(data, key), base)}
    _refuse_with_pairs(data, paths.keys(), pairs)
    refuse_idle_in(data, {format_of(path, data.format) for path in every})
    data = settled(data, every)
    parts = {key: FileRows(files, data, task, key in pairs) for key, files in paths.items()}
    level: Level = "character" if TASKS[task].target == "next token" else "word"
    return TextSource(task, level, TASKS[task].takes_words, parts)


def _refuse_with_pairs(data: DataConfig, named: Set[SplitName], pairs: Set[SplitName]) -> None:
    """Raises DataError for keys that contradict the splits in `pairs` of files side by side.

    `named` are all splits with files of their own.
    """
    for key in sorted(pairs):
        pattern = getattr(data, key)
        _refuse_two_sides(pattern, data, data.place(key))
        if "delimiter" in data.stated and pairs == named:
            message = "`delimiter` does nothing for files side by side"
            raise DataError(Problem(message, data.place("delimiter"), "leave it out"))


def _refuse_two_sides(pattern: str, data: DataConfig, place: Place | None) -> None:
    """Raises DataError where the format is not that of two files side by side."""
    if data.format != PARALLEL:
        message = f"{pattern} names two files side by side, which are lines of text, not "
        hint = "leave `format` out, or name one file"
        raise DataError(Problem(f"{message}{data.format}", place, hint))


def how_to_leave_out(problem: Problem) -> Problem:
    """A problem of one file of several, whose hint says how the others are read without it."""
    leave_out = "leave it out: name the others by a glob, such as `FOLDER/**/*.txt`"
    return replace(problem, hint=f"{problem.hint}; or {leave_out}" if problem.hint else leave_out)


def files_of_text(path: Path) -> list[Path]:
    """The files of a folder, or those that a glob matches; none where a path is neither."""
    if path.is_dir() or (GLOB_SIGNS.intersection(str(path)) and not path.exists()):
        return find_files(str(path), Path(), "test", folders=True)
    return []


@dataclass(frozen=True)
class FileRows:
    """The rows of files, read as they are consumed, and anew each time: a full disk asks twice."""

    paths: list[Path]
    data: DataConfig
    task: Task
    in_pairs: bool = False
    """Whether each two files are texts and their targets, side by side."""

    def __iter__(self) -> Iterator[Rows]:
        count = 0
        for chunks in self._by_file():
            try:
                for rows in chunks:
                    count += len(rows)
                    yield rows
            except DataError as error:
                if self.data.format != TEXT or len(self.paths) == 1:
                    raise
                raise DataError(list(map(how_to_leave_out, error.problems))) from error
        if not count:
            raise DataError(f"{self.paths[0]} has no rows")

    def _by_file(self) -> Iterator[Iterator[Rows]]:
        data, task = self.data, self.task
        if self.in_pairs:
            for first, second in zip(self.paths[::2], self.paths[1::2], strict=True):
                yield read_side_by_side(first, second, data, task)
            return
        labelled = TASKS[task].target != "next token"
        for path in self.paths:
            yield READERS[format_of(path, data.format)](path, data, task, labelled)
