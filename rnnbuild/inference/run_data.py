"""The data of a trained run; no framework is loaded."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rnnbuild.config.schema import Config
from rnnbuild.data.codec_of_run import codec_of_run
from rnnbuild.data.codecs import encode_alike
from rnnbuild.data.fingerprint import fingerprints_of
from rnnbuild.data.kind.codec import RowCodec
from rnnbuild.data.kind.loaded import Loaded
from rnnbuild.errors import RunError
from rnnbuild.formatting import first_few
from rnnbuild.runs.adopted_file import read_adopted
from rnnbuild.runs.codec_file import read_codec_text
from rnnbuild.runs.config_file import config_of_run
from rnnbuild.runs.data_file import data_files_of, read_data
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.facts_file import read_facts

OLD_FILES = "put the old files back, or name their folder with --data-dir"


def data_of_run(
    run: RunDirectory,
    test: Path | None = None,
    data_dir: Path | None = None,
    settings: Mapping[str, Any] = MappingProxyType({}),
) -> Loaded:
    """The data that a run was trained on; a file `test` takes the place of its test split.

    That file is read with other `settings`, keys of `data`, where it is written otherwise.
    An adopted run has no data of its own, and no rows but those of `test`.
    `data_dir` is where its files are now, if they have been moved. Raises DataError if they
    cannot be read, RunError if they are not what the run was trained on.
    """
    # All that reads training files: nobody answers by it.
    from rnnbuild.data.load import load_data, load_given

    config = config_of_run(run)
    if config.data is None:
        codec = codec_of_run(run)
        if read_adopted(run) is None or not isinstance(codec, RowCodec):
            raise RunError(f"{run.config} names no data")
        return load_given(codec, read_facts(run), test, settings)
    folder = data_dir or Path(read_data(run).folder)
    own = codec_of_run(run)  # a damaged file is no changed data
    known = own if config.training.from_run is not None else None
    loaded = load_data(config.data, folder, config.task, test, settings, known)
    refuse_changed_files(run, config, folder, instead=test is not None)
    if not encode_alike(loaded.codec.to_json(), read_codec_text(run)):
        raise RunError(
            f"the training data of {run.path} has changed since: its vocabulary or labels "
            "differ, so its splits are not what the model was trained and tested on",
            OLD_FILES,
        )
    return loaded


def refuse_changed_files(run: RunDirectory, config: Config, folder: Path, instead: bool) -> None:
    """Raises RunError where a file of the run's data is another one than it was; with other rows
    `instead` of its test split, where one of the other splits is.

    The same vocabulary does not make it the same: a few lines more, and shares of a file hold out
    what was trained on. Bundled data is part of the program.
    """
    data = config.data
    if data is None or data.dataset is not None:
        return
    if instead:
        data = data.model_copy(update={"test": None})
    before = {file.name: (file.size, file.sha256) for file in data_files_of(run)}
    now = {file.name: (file.size, file.sha256) for file in fingerprints_of(data, folder)}
    changed = [name for name in now if before.get(name) != now[name]]
    if not instead:
        changed += sorted(set(before) - set(now))
    if changed:
        raise RunError(
            f"the data of {run.path} has changed since it was trained, {first_few(changed)}: its "
            "splits may not be what the model was trained and tested on",
            f"{OLD_FILES}; other rows are scored by `rnnbuild evaluate RUN --data FILE`",
        )
