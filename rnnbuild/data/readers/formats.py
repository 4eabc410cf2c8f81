"""The file formats: the endings and the readers of each."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from rnnbuild.config.places import NOWHERE
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.config.schema.series import SERIES_KEYS
from rnnbuild.data.disk.content import Watch, nobody_watches
from rnnbuild.data.disk.files import ending, sides
from rnnbuild.data.disk.text_file import TextFile
from rnnbuild.data.readers.conll import delimiter_of, read_conll
from rnnbuild.data.readers.csv import read_csv
from rnnbuild.data.readers.jsonl import read_jsonl
from rnnbuild.data.readers.labelled_lines import read_labelled_lines
from rnnbuild.data.readers.lines import read_lines
from rnnbuild.data.readers.parallel import read_parallel
from rnnbuild.data.readers.parquet import read_parquet
from rnnbuild.data.readers.whole_text import read_whole_text
from rnnbuild.data.rows.rows import Rows
from rnnbuild.errors import DataError, Problem
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.table import TASKS, USUAL


class Reader(Protocol):
    """Gives a file's rows in chunks, so that a file of any size is read in little memory.

    Rows that are not `labelled` are to be answered: they need no labels, and each comes with all
    of its columns. `watch` gets the file as it is opened.
    """

    def __call__(
        self,
        path: Path,
        data: DataConfig,
        task: Task,
        labelled: bool = True,
        watch: Watch = nobody_watches,
    ) -> Iterator[Rows]: ...


TEXT = "text"
"""The format of running text, whose files are read whole."""
PARALLEL = "parallel"
"""The format of lines with two columns, which may be in two files."""
LINES = "lines"
"""The format of plain text. It has no labels, so no config can state it."""

READERS: Mapping[str, Reader] = {
    "csv": read_csv,
    "tsv": partial(read_csv, delimiter="\t"),
    "jsonl": read_jsonl,
    "parquet": read_parquet,
    "conll": read_conll,
    "conllu": read_conll,
    PARALLEL: read_parallel,
    "labelled-lines": read_labelled_lines,
    TEXT: read_whole_text,
    LINES: read_lines,
}

ENDINGS: Mapping[str, str] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".conll": "conll",
    ".bio": "conll",
    ".iob": "conll",
    ".conllu": "conllu",
}

FORMATS_OF_KEY: Mapping[str, tuple[str, ...]] = {
    "encoding": tuple(name for name in READERS if name != "parquet"),
    "delimiter": ("csv", "tsv", "parallel", "labelled-lines", "conll"),
    "quote": ("csv", "tsv"),
    "header": ("csv", "tsv"),
    "comment": ("csv", "tsv", "parallel", "labelled-lines", "conll"),
    "source": ("csv", "tsv", "jsonl", "parquet"),
    "target": ("csv", "tsv", "jsonl", "parquet"),
}
"""Keys of `data` that say how files are written, with the formats that leave it open."""
WITH_COLUMNS = tuple(name for name in READERS if name not in (TEXT, LINES))
"""Formats whose files have a column of texts, which `text` names."""


def settled(data: DataConfig, paths: Sequence[Path]) -> DataConfig:
    """The config with what the content of all these files settles, where it leaves that open.

    Files of several formats are left to their readers.
    """
    if data.delimiter is not None or {format_of(path, data.format) for path in paths} != {"conll"}:
        return data
    files = [TextFile.at(path, encoding=data.encoding) for path in paths]
    return data.model_copy(update={"delimiter": delimiter_of(files)})


def with_implied_format(data: DataConfig, task: Task | None) -> DataConfig:
    """The config with the format that the names of its files, and the task, imply.

    Files side by side are parallel. Running text is for a task that reads such text, or ends in
    .txt, and is not for any other.
    """
    if data.format is not None or data.train is None:
        return data
    if len(sides(data.train)) == 2:
        return data.model_copy(update={"format": PARALLEL})
    named = (data.train, data.validation, data.test)
    if any(ENDINGS.get(ending(Path(path))) for path in named if path is not None):
        return data
    if task is None:
        others = any(getattr(data, key) is not None for key in COLUMN_KEYS if key != "text")
        running = data.may_be_running_text and not others
    else:
        running = usual_format(task) == TEXT
    return data.model_copy(update={"format": TEXT}) if running else data


def task_of(format_name: str, data: DataConfig) -> Task:
    """The task of files of a format, by the columns that the config names."""
    for name, traits in TASKS.items():
        if any(getattr(data, key) is not None for key in traits.telling_keys):
            return name
    return next((name for name, own in TASKS.items() if format_name in own.formats), USUAL)


def format_of(path: Path, stated: str | None) -> str:
    """`stated`, or the format of the file's ending; `.gz` may follow that."""
    name = stated or ENDINGS.get(ending(path))
    if name is None:
        known = ", ".join(name for name in READERS if name != LINES)
        raise DataError(
            f"the ending of {path} is not that of a known format",
            hint=f"state it: `data.format: csv`, or another of {known}",
        )
    return name


UNNAMED = frozenset({"conll", "conllu", PARALLEL, "labelled-lines"})
"""Formats whose columns have numbers or names of their own."""
COLUMN_KEYS = ("text", "label", "labels", "source", "target")
"""Keys of `data` that name columns."""


def own_format(data: DataConfig) -> str | None:
    """The format of the training files; None for a bundled dataset."""
    if data.format is not None or data.train is None:
        return data.format
    return PARALLEL if len(sides(data.train)) == 2 else ENDINGS.get(ending(Path(data.train)))


def read_like(path: Path, data: DataConfig, settings: Mapping[str, Any], task: Task) -> DataConfig:
    """How a file is read that is not one of the config's own: as they are, where it can be.

    All keys apply to a file in the format of the training files. One whose ending is that of
    another format is read in that format's own way: with the columns that the config names,
    unless one of the two formats has numbers in place of names (CoNLL). One whose ending says
    nothing is running text where `task` reads such text. `settings` are keys of `data` that were
    stated for this file. Raises DataError for those that do nothing for it.
    """
    own = own_format(data)
    same_ending = data.train is not None and ending(Path(data.train)) == ending(path)
    other = settings.get("format") or (
        own if same_ending else ENDINGS.get(ending(path), data.format or usual_format(task))
    )
    changed: dict[str, Any] = {"format": other}
    if other != own:
        usual = DataConfig.model_construct()
        # Who writes files in an encoding does so whatever their format.
        dropped = [key for key in FORMATS_OF_KEY if key != "encoding"]
        dropped += COLUMN_KEYS if UNNAMED.intersection((own, other)) else ()
        changed |= {key: getattr(usual, key) for key in dropped}
    refuse_idle_settings(settings, other)
    alike = data.model_copy(update={**changed, **settings})
    alike.written_at(NOWHERE)  # no key of the config is wrong if another file is
    return alike


def usual_format(task: Task) -> str | None:
    """The format of a file whose ending says nothing, for a task that reads running text."""
    return TEXT if TEXT in TASKS[task].formats else None


def refuse_idle_settings(settings: Mapping[str, Any], name: str | None) -> None:
    """Raises DataError for settings that do nothing in a file of the format, lines if None."""
    written = name or LINES
    idle = [
        key
        for key in settings
        if key in SERIES_KEYS
        or written not in FORMATS_OF_KEY.get(key, (written,))
        or (key == "text" and name == TEXT)
    ]
    hint = "leave it out" if name else "state how the file is written: `data.format: csv`"
    if idle:
        what = name or "lines of text"
        raise DataError(
            [Problem(f"`data.{key}` does nothing for {what}", hint=hint) for key in idle]
        )
