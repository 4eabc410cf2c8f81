"""From a config's `data` to examples: read, held out, tokenised and looked over."""

from dataclasses import replace
from pathlib import Path

from rnnbuild.config.facts import Task
from rnnbuild.config.schema.data import DataConfig, SplitConfig
from rnnbuild.data.bundled.registry import bundled_rows
from rnnbuild.data.examples import Examples, Splits
from rnnbuild.data.files import ending, find
from rnnbuild.data.idle import refuse_idle
from rnnbuild.data.loaded import Loaded
from rnnbuild.data.numbers import NumberSplits, loaded_numbers
from rnnbuild.data.oddities import notes_on
from rnnbuild.data.readers.formats import ENDINGS, PRETOKENISED, READERS, format_of, task_of
from rnnbuild.data.rows import Rows, RowSplits
from rnnbuild.data.series.load import load_series, loaded_series
from rnnbuild.data.series.series import BundledSeries
from rnnbuild.data.splits import hold_out
from rnnbuild.data.text import loaded_text
from rnnbuild.data.tokeniser import Level, Tokeniser
from rnnbuild.data.tokens import TokenReader
from rnnbuild.data.translation.load import loaded_pairs
from rnnbuild.errors import DataError

SUPPORTED: tuple[Task, ...] = ("classify", "tag", "translate")


def load_data(
    data: DataConfig, base: Path, task: Task | None = None, test: Path | None = None
) -> Loaded:
    """All that training and resolving need of the data that a config names.

    `base` is the folder that paths are relative to; `task` is what the config states, if it does.
    A file `test` takes the place of the test split, and changes nothing of the other two.
    Raises DataError for data that cannot be read or cannot be learned from.
    """
    if data.dataset is None and (task == "forecast" or data.is_series):
        refuse_idle(data, "forecast")
        return load_series(data, base, test)
    source = bundled_rows(data, task) if data.dataset else _rows_of_files(data, base, task)
    if isinstance(source, BundledSeries):
        refuse_idle(data, "forecast")
        return loaded_series(source.series, data, source.split, test=test)
    if isinstance(source, NumberSplits):
        refuse_idle(data, "forecast")
        if test is not None:
            raise DataError(f"`{data.dataset}` is read from no file, so {test} cannot be like it")
        return loaded_numbers(source)
    refuse_idle(data, source.task)
    rows = complete(source, data, test)
    tokeniser = tokeniser_of(data, rows.task, rows.level, rows.pretokenised)
    if rows.task == "translate":
        return loaded_pairs(rows, data, tokeniser)
    return loaded_text(splits_of(rows, tokeniser, data), data)


def complete(rows: RowSplits, data: DataConfig, test: Path | None = None) -> RowSplits:
    """The same rows with all three splits.

    A split without rows of its own is held out from `train` (see `splits`); then a file `test`
    takes the place of the test split. Raises DataError where nothing would be left to train on.
    """
    rows = hold_out(rows, data.split or SplitConfig())
    if test is None:
        return rows
    # The ending of this file speaks for it; what the config states is of its own files.
    alike = data.train is not None and ending(Path(data.train)) == ending(test)
    stated = data.format if alike else ENDINGS.get(ending(test), data.format)
    form = data.model_copy(update={"format": stated})
    return replace(rows, test=_read_all([test], form, rows.task))


def tokeniser_of(data: DataConfig, task: Task, level: Level, pretokenised: bool) -> Tokeniser:
    """How the text becomes tokens, where the config leaves it open.

    `level` is the dataset's own. Words of running text are put in lower case, since that is
    one word where capitals make two; characters and words that come ready-made stay as they are.
    """
    level = data.level or level
    if level == "character" and task == "tag":
        raise DataError(
            "`level: character` cannot be tagged: each word has one tag",
            hint="to tag characters, give each one as a word: one a line, with its tag",
        )
    running = level == "word" and not pretokenised
    lowercase = running if data.lowercase is None else data.lowercase
    return Tokeniser(level, lowercase, pretokenised)


def _rows_of_files(data: DataConfig, base: Path, task: Task | None) -> RowSplits:
    if data.train is None:
        raise DataError(
            "no data is named",
            hint="name a bundled dataset with `data.dataset` or a file with `data.train`",
        )
    paths = {key: find(pattern, base, key) for key, pattern in data_files(data).items()}
    first = format_of(paths["train"][0], data.format)
    task = task or task_of(first, data)
    if task not in SUPPORTED:
        raise DataError(f"`task: {task}` needs another kind of data than text with labels")
    read = {key: _read_all(found, data, task) for key, found in paths.items()}
    return RowSplits(
        task,
        "word",
        read["train"],
        read.get("validation"),
        read.get("test"),
        pretokenised=first in PRETOKENISED or task == "tag",
    )


def data_files(data: DataConfig) -> dict[str, str]:
    """The keys of `data` that name files, with what they name."""
    named = {"train": data.train, "validation": data.validation, "test": data.test}
    return {key: pattern for key, pattern in named.items() if pattern is not None}


def _read_all(paths: list[Path], data: DataConfig, task: Task) -> Rows:
    rows = Rows()
    for path in paths:
        rows.extend(READERS[format_of(path, data.format)](path, data, task))
    if not len(rows):
        raise DataError(f"{paths[0]} has no rows")
    return rows


def splits_of(rows: RowSplits, tokeniser: Tokeniser, data: DataConfig) -> Splits:
    """The examples of rows of labelled text. Raises DataError for what cannot be learned from."""
    parts = [rows.train, rows.validation or Rows(), rows.test or Rows()]
    reader, labels = TokenReader(tokeniser), TokenReader(Tokeniser())
    tokens = reader.tokens(
        [
            reader.read_words(part.words) if tokeniser.pretokenised else reader.read(part.texts)
            for part in parts
        ]
    )
    targets = labels.tokens([labels.read_words(part.targets) for part in parts])
    train, validation, test = (
        Examples(tuple(part.texts), tokens[number], targets[number])
        for number, part in enumerate(parts)
    )
    splits = Splits(rows.task, tokeniser, train, validation, test)
    return notes_on(splits, parts, data)
