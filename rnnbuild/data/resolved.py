"""Checked configs and their data, resolved."""

from collections.abc import Iterable
from pathlib import Path

from rnnbuild.config.resolve import resolve
from rnnbuild.config.schema import Config
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.tasks.facts import DataFacts


def resolve_with_data(config: Config, folder: Path) -> ResolvedConfig:
    """The config with every size known, from its data if it names any.

    Data files are relative to `folder`. Raises ConfigError, DataError.
    """
    return resolve_together([config], folder)[0]


def resolve_together(configs: Iterable[Config], folder: Path) -> list[ResolvedConfig]:
    """The same for several configs, such as variants: data that they share is read once."""
    known: dict[tuple[str, str | None], DataFacts] = {}

    def resolve_one(config: Config) -> ResolvedConfig:
        if config.data is None:
            return resolve(config)
        from rnnbuild.data.facts import facts_of

        key = (config.data.model_dump_json(), config.task)
        if key not in known:
            known[key] = facts_of(config.data, folder, config.task)
        return resolve(config, known[key])

    return [resolve_one(config) for config in configs]
