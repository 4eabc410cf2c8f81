"""Test rows that a model knows from the run that its training starts from."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from rnnbuild.config.schema.data import DataConfig, SplitConfig
from rnnbuild.data.disk.files import files_by_split
from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.fingerprint import Fingerprint, fingerprints_of
from rnnbuild.data.kind.loaded import Loaded
from rnnbuild.errors import DataError, RnnbuildError, RunError
from rnnbuild.formatting import plural
from rnnbuild.inference.run_data import data_of_run
from rnnbuild.runs.config_file import config_of_run
from rnnbuild.runs.data_file import DataFile, data_files_of, read_data
from rnnbuild.runs.directory import RunDirectory, open_run
from rnnbuild.runs.start_file import read_start
from rnnbuild.tasks.table import TASKS

File = TypeVar("File", Fingerprint, DataFile)
HIGH = "their scores may be too high"


def warnings_on_known_rows(
    source: RunDirectory, data: DataConfig, folder: Path, loaded: Loaded
) -> tuple[str, ...]:
    """Sentences on the rows to be tested on, of `loaded` data, that the run `source` was trained
    on, or one that it started from in turn; none where there are no such rows.

    Rows are equal where their texts are. They are counted where the run's data can be read as it
    was. Where it cannot, or has no texts, a file that both read is named. Nothing is known of an
    adopted run. Raises DataError where the files of `data` cannot be read.
    """
    name, splits = tested_splits(data, loaded)
    count = sum(len(loaded.split(split)) for split in splits)
    if not count:
        return ()
    tested = set(texts_of(loaded, splits)) if has_texts(loaded) else set()
    known: set[str] = set()
    uncertain: list[str] = []
    for run in lineage(source):
        try:
            before = config_of_run(run).data
            shared = shared_file(run, data, folder)
            if before is None or is_same_split(run, before, data, folder):
                continue
            if data.test is not None and shared is None:
                continue
        except RunError:
            continue  # damaged: what training needs of it is read, and refused, elsewhere
        rows = trained_texts(run) if tested else None
        if rows is not None:
            known.update(text for text in rows if text in tested)
        elif shared is not None:
            uncertain.append(
                f"{name} rows may be among those that {run.path} was trained on, since both read "
                f"{shared}: {HIGH}"
            )
    if not known:
        return tuple(uncertain)
    again = sum(text in known for text in texts_of(loaded, splits))
    counted = (
        f"{again:,} of {plural(count, f'{name} row')} were among the rows that {source.path} was "
        f"trained on: {HIGH}"
    )
    return (counted, *uncertain)


def tested_splits(data: DataConfig, loaded: Loaded) -> tuple[str, tuple[SplitName, ...]]:
    """What rows are called that the result is of, and the splits in which they are."""
    if data.folds is not None:
        return "test", ("train", "validation") if data.validation is None else ("train",)
    return ("test", ("test",)) if len(loaded.test) else ("validation", ("validation",))


def has_texts(loaded: Loaded) -> bool:
    """Whether each row is a text of its own."""
    return TASKS[loaded.facts.task].target not in ("numbers", "next token")


def texts_of(loaded: Loaded, splits: Sequence[SplitName]) -> Iterator[str]:
    """The texts of all rows."""
    for name in splits:
        yield from (loaded.row_text(name, row) for row in range(len(loaded.split(name))))


def lineage(run: RunDirectory) -> Iterator[RunDirectory]:
    """The run, the one that it started from, and so on, as far as they are still there."""
    seen: set[Path] = set()
    while run.path.resolve() not in seen:
        yield run
        seen.add(run.path.resolve())
        try:
            start = read_start(run)
            if start is None:
                return
            run = open_run(Path(start.run))
        except RunError:
            return


def trained_texts(run: RunDirectory) -> Iterator[str] | None:
    """The texts that a run was trained on; None where it has none, or they have changed since."""
    try:
        loaded = data_of_run(run)
    except RnnbuildError:
        return None
    return texts_of(loaded, ("train",)) if has_texts(loaded) else None


def is_same_split(run: RunDirectory, before: DataConfig, data: DataConfig, folder: Path) -> bool:
    """Whether the tested rows are held out of the same files in the same way as in a run."""

    def parts(config: DataConfig) -> tuple[bool, bool, SplitConfig]:
        return config.validation is None, config.test is None, config.split or SplitConfig()

    if data.folds is not None or parts(before) != parts(data):
        return False
    now, then = fingerprints_of(data, folder), data_files_of(run)
    return [file.sha256 for file in now] == [file.sha256 for file in then]


def shared_file(run: RunDirectory, data: DataConfig, folder: Path) -> str | None:
    """The name of a file that rows are tested on and that the run was trained on, perhaps with
    other content by now; None where there is none. Raises DataError, RunError."""
    before = config_of_run(run).data
    if before is None:
        return None
    there = Path(read_data(run).folder)
    trained = files_of_split(data_files_of(run), before, there, "train")
    contents = {file.sha256 for file in trained}
    places = {there / file.name for file in trained} if before.dataset is None else set()
    split: SplitName = "train" if data.test is None else "test"
    for file in files_of_split(fingerprints_of(data, folder), data, folder, split):
        if file.sha256 in contents or folder.resolve() / file.name in places:
            return file.name
    return None


def files_of_split(
    files: Sequence[File], data: DataConfig, folder: Path, split: SplitName
) -> Sequence[File]:
    """Those of all `files` of data that have the rows of one split; all where that is unknown."""
    if data.dataset is not None:
        return files
    try:
        paths = files_by_split(data, folder)
    except DataError:
        return files
    first = 0
    for name, named in paths.items():
        if name == split:
            return files[first : first + len(named)]
        first += len(named)
    return files
