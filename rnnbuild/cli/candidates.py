"""The models that `compare` is asked to compare."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from rnnbuild.analysis.comparison import Candidate
from rnnbuild.cli.loading import data_folder, say, written_config
from rnnbuild.config.variants import Axis, notes_on, parsed_axis, variants_of
from rnnbuild.config.yaml_tree import Tree
from rnnbuild.data.resolved import resolve_together


def candidates(
    configs: Sequence[str | Tree],
    settings: Sequence[str],
    varied: Sequence[str],
    data_dir: Path | None,
) -> list[Candidate]:
    """Each config, by its name or as it is described, with every combination of its alternatives.

    The alternatives are those of `--vary`, else those of the config's `variants:` section.
    """
    axes = [parsed_axis(text) for text in varied]
    by_argument = [_candidates_of(config, settings, axes, data_dir) for config in configs]
    titles = [variants[0].name for variants in by_argument]
    if len(set(titles)) < len(titles):
        # Two configs have the same name: call each by its argument instead.
        by_argument = [
            [replace(candidate, name=str(name)) for candidate in variants]
            for name, variants in zip(configs, by_argument, strict=True)
        ]
    return [candidate for variants in by_argument for candidate in variants]


def _candidates_of(
    config: str | Tree, settings: Sequence[str], axes: Sequence[Axis], data_dir: Path | None
) -> list[Candidate]:
    variants = variants_of(written_config(config, settings), axes)
    folder = data_folder(config, data_dir)
    resolved = resolve_together([variant.config for variant in variants], folder)
    say(notes_on(variants))
    return [
        Candidate(variant.config.name, variant.settings, each)
        for variant, each in zip(variants, resolved, strict=True)
    ]
