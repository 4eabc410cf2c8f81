"""Checked configs and their data, resolved."""

from collections.abc import Iterable
from pathlib import Path

from rnnbuild.config.resolve import resolve
from rnnbuild.config.schema import Config
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.tasks.facts import DataFacts


def resolve_with_data(config: Config, folder: Path) -> ResolvedConfig:
    """The config with every size known, from its data if it names any.

    Data files are relative to `folder`, and so is a run that training starts from. Raises
    ConfigError, DataError, RunError.
    """
    return resolve_together([config], folder)[0]


def resolve_together(configs: Iterable[Config], folder: Path) -> list[ResolvedConfig]:
    """The same for several configs, such as variants: data that they share is read once."""
    facts: dict[tuple[str, str | None, str | None], DataFacts] = {}

    def resolve_one(config: Config) -> ResolvedConfig:
        if config.data is None:
            return resolve(config)
        from rnnbuild.data.codec_of_run import known_codec
        from rnnbuild.data.facts import facts_of

        key = (config.data.model_dump_json(), config.task, config.training.from_run)
        if key not in facts:
            known = known_codec(config, folder)
            facts[key] = facts_of(config.data, folder, config.task, known)
        return resolve(config, facts[key])

    return [resolve_one(config) for config in configs]
