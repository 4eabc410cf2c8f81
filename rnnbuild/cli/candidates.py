"""From `compare`'s arguments to the models it compares."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rnnbuild.analysis.comparison import Candidate
from rnnbuild.cli.loading import data_folder, say, written_config
from rnnbuild.config.variants import Axis, notes_on, parsed_axis, variants_of
from rnnbuild.data.resolved import resolve_together


def candidates(
    names: Sequence[str], settings: Sequence[str], varied: Sequence[str], data_dir: Path | None
) -> list[Candidate]:
    """Every config with every combination of its alternatives.

    The alternatives are those of `--vary`, or else of the config's own `variants:` section.
    """
    axes = [parsed_axis(text) for text in varied]
    by_argument = [_of_config(name, settings, axes, data_dir) for name in names]
    titles = [found[0].name for found in by_argument]
    if len(set(titles)) < len(titles):
        # Two configs of one name: what they were asked for by tells them apart.
        by_argument = [
            [replace(candidate, name=name) for candidate in found]
            for name, found in zip(names, by_argument, strict=True)
        ]
    return [candidate for found in by_argument for candidate in found]


def _of_config(
    name: str, settings: Sequence[str], axes: Sequence[Axis], data_dir: Path | None
) -> list[Candidate]:
    variants = variants_of(written_config(name, settings), axes)
    configs = [variant.config for variant in variants]
    resolved = resolve_together(configs, data_folder(name, data_dir))
    say(notes_on(variants))
    return [
        Candidate(variant.config.name, variant.settings, each)
        for variant, each in zip(variants, resolved, strict=True)
    ]
