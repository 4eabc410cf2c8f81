"""From `compare`'s arguments to the models it compares."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from rnnbuild.analysis.comparison import Candidate
from rnnbuild.cli.loading import data_folder, say, written_config
from rnnbuild.config.resolve import resolve
from rnnbuild.config.schema import Config
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.config.variants import Axis, parsed_axis, variants_of, written_axes
from rnnbuild.tasks.facts import DataFacts


def candidates(
    names: Sequence[str], settings: Sequence[str], varied: Sequence[str], data_dir: Path | None
) -> list[Candidate]:
    """Every config with every combination of its alternatives.

    The alternatives are those of `--vary`, or else of the config's own `variants:` section.
    """
    axes = [parsed_axis(text) for text in varied]
    by_argument = [list(_of_config(name, settings, axes, data_dir)) for name in names]
    titles = [found[0].name for found in by_argument]
    if len(set(titles)) < len(titles):
        # Two configs of one name: what they were asked for by tells them apart.
        by_argument = [
            [replace(candidate, name=name) for candidate in found]
            for name, found in zip(names, by_argument, strict=True)
        ]
    return [candidate for found in by_argument for candidate in found]


def _of_config(
    name: str, settings: Sequence[str], axes: list[Axis], data_dir: Path | None
) -> Iterator[Candidate]:
    tree = written_config(name, settings)
    resolving = _Resolving(data_folder(name, data_dir))
    notes: dict[str, None] = {}
    for variant in variants_of(tree, axes or written_axes(tree)):
        notes.update(dict.fromkeys(variant.notes))
        yield Candidate(variant.config.name, variant.settings, resolving.resolved(variant.config))
    say(list(notes))


class _Resolving:
    """Resolves the variants of one config; data that several of them share is looked at once."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.known: dict[tuple[str, str | None], DataFacts] = {}

    def resolved(self, config: Config) -> ResolvedConfig:
        if config.data is None:
            return resolve(config)
        key = (config.data.model_dump_json(), config.task)
        if key not in self.known:
            from rnnbuild.data.facts import facts_of

            self.known[key] = facts_of(config.data, self.folder, config.task)
        return resolve(config, self.known[key])
