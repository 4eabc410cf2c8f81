"""What a run's files say, as the values they were written from."""

from pathlib import Path

from rnnbuild.config.load import load_config
from rnnbuild.config.schema import Config
from rnnbuild.errors import RunError
from rnnbuild.runs.directory import RunDirectory, read_json
from rnnbuild.tasks.facts import DataFacts, facts_from_json


def saved_facts(run: RunDirectory) -> DataFacts:
    """The sizes and labels of a run. Raises RunError where the file is missing or damaged."""
    values = read_json(run.facts)
    try:
        return facts_from_json(values)
    except (TypeError, AttributeError) as error:
        raise RunError(f"{run.facts} is damaged: {error}") from None


def saved_config(run: RunDirectory) -> Config:
    """The config that a run was asked for. Raises ConfigError where the file is damaged."""
    return load_config(run.config)


def data_folder_of(run: RunDirectory) -> Path:
    """What the run's data files are relative to. Raises RunError where that is not recorded."""
    try:
        return Path(read_json(run.data)["folder"])
    except (TypeError, KeyError):
        raise RunError(f"{run.data} is damaged: it names no folder") from None
