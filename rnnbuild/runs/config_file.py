"""config.yaml: the config that a run was started with."""

from rnnbuild.config.load import load_config
from rnnbuild.config.schema import Config
from rnnbuild.runs.directory import RunDirectory


def config_of_run(run: RunDirectory) -> Config:
    """A run's config. Raises ConfigError where the file is missing or damaged."""
    return load_config(run.config)
