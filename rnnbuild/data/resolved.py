"""A checked config and its data, resolved."""

from pathlib import Path

from rnnbuild.config.resolve import resolve
from rnnbuild.config.schema import Config
from rnnbuild.config.stack import ResolvedConfig


def resolved_with_data(config: Config, folder: Path) -> ResolvedConfig:
    """A config with every size known, from its data where it names any.

    `folder` is what data files are relative to. Raises ConfigError, DataError.
    """
    if config.data is None:
        return resolve(config)
    from rnnbuild.data.facts import facts_of

    return resolve(config, facts_of(config.data, folder, config.task))
