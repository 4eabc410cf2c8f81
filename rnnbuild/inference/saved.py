"""What a run was trained on and what turns its input into numbers; no framework is loaded."""

from pathlib import Path

from rnnbuild.data.codecs import codec_from_json
from rnnbuild.data.kind.codec import Codec
from rnnbuild.data.kind.loaded import Loaded
from rnnbuild.data.load import load_data
from rnnbuild.errors import RunError
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.saved import data_folder_of, saved_config


def codec_text(run: RunDirectory) -> str:
    """The codec's JSON. Raises RunError where it cannot be read."""
    try:
        return run.codec.read_text(encoding="utf-8")
    except OSError as error:
        raise RunError(f"{run.codec} cannot be read: {error.strerror}") from None


def saved_codec(run: RunDirectory) -> Codec:
    """The codec of a run. Raises RunError or DataError where it cannot be read."""
    return codec_from_json(codec_text(run))


def data_of_run(
    run: RunDirectory, test: Path | None = None, data_dir: Path | None = None
) -> Loaded:
    """The data that a run was trained on; a file `test` takes the place of its test split.

    `data_dir` is where its files are now, if they have been moved. Raises DataError where they
    cannot be read, RunError where they are not what the run was trained on.
    """
    config = saved_config(run)
    if config.data is None:
        raise RunError(f"{run.config} names no data")
    loaded = load_data(config.data, data_dir or data_folder_of(run), config.task, test)
    if loaded.codec.to_json() != codec_text(run):
        raise RunError(
            f"the training data of {run.path} has changed since: its vocabulary or labels are "
            "others now, so its splits are not what the model was trained and tested on",
            "put the old files back, or name their folder with --data-dir",
        )
    return loaded
