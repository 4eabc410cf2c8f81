"""config.yaml and resolved.yaml: the config that a run was started with, as written and in full.

Version 0.1 kept the weights of the best evaluation only with early stopping, by a key of its own,
`training.early_stopping.restore_best`. Read here, its configs say the same by today's key.
"""

from pathlib import Path
from typing import Any

from rnnbuild.config.load import checked, read_config
from rnnbuild.config.schema import Config
from rnnbuild.config.yaml_tree import Tree
from rnnbuild.errors import RunError
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.record import REMEDY, refuse_other_than_file


def config_of_run(run: RunDirectory) -> Config:
    """A run's config. Raises RunError or ConfigError where it is missing or damaged."""
    return checked(written_config_of_run(run), accepts_idle=True)


def written_config_of_run(run: RunDirectory) -> Tree:
    """A run's config as written, not yet checked. Raises RunError or ConfigError."""
    tree = tree_in(run.config)
    if run.began:
        replace_old_key(tree.value, tree_in(run.resolved).value)
    return tree


def resolved_values(run: RunDirectory) -> dict[str, Any]:
    """A run's config with every default. Raises RunError or ConfigError."""
    values: dict[str, Any] = tree_in(run.resolved).value
    replace_old_key(values, values)
    return values


def tree_in(path: Path) -> Tree:
    """The values of a run's config. Raises RunError for what is not a file, ConfigError else."""
    try:
        refuse_other_than_file(path)
    except OSError as error:
        raise RunError(f"{path} cannot be read: {error.strerror}", REMEDY) from None
    return read_config(path)


def replace_old_key(values: dict[str, Any], resolved: dict[str, Any]) -> None:
    """Replace the key of version 0.1 in a config's values; `resolved` are those with defaults."""
    training = resolved.get("training")
    if not isinstance(training, dict) or "restore_best" in training:
        return
    early = training.get("early_stopping")
    restore_best = isinstance(early, dict) and early.get("restore_best", True)
    written = values.setdefault("training", {})
    if isinstance(written, dict):
        if isinstance(early := written.get("early_stopping"), dict):
            early.pop("restore_best", None)
        written.setdefault("restore_best", restore_best)
