"""A study that begins, or one that goes on and perhaps grows."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rnnbuild.config.load import checked
from rnnbuild.config.schema import Config
from rnnbuild.config.variants import Axis, Variant, variants_of, without_alternatives
from rnnbuild.config.written import yaml_text
from rnnbuild.config.yaml_tree import Tree
from rnnbuild.data.resolved import resolve_together
from rnnbuild.errors import ArgumentError, RunError
from rnnbuild.runs.planned_folder import make_folder, writing
from rnnbuild.runs.record import content_of
from rnnbuild.runs.study.directory import StudyDirectory, locked_study
from rnnbuild.runs.study.folders import free_study, write_start, write_variants
from rnnbuild.runs.study.plan_file import Plan, read_plan, write_plan
from rnnbuild.studies.plan import (
    Planned,
    as_given,
    differences_of,
    extended,
    named,
    planned,
    refuse_too_many,
    seeds_from,
    seeds_text,
    without_extensions,
)
from rnnbuild.visible import command_text

SEEDS = 5
"""Where the command line names no number."""


@dataclass(frozen=True)
class StudyRequest:
    """What is asked for: the config to vary, and how its variants are compared."""

    tree: Tree
    """The config as written, with overrides applied."""
    axes: tuple[Axis, ...]
    """Empty for the config's own `variants:`."""
    seeds: int
    folder: Path
    """What names of data files start from."""
    reference: str | None = None
    """As typed; None for the config as given, if it is among the variants."""
    margin: float | None = None
    seconds: float | None = None
    """Limit on the training of each run."""
    budget: int | None = None
    """Number of parameters that every variant is brought near to."""


@dataclass(frozen=True)
class NewStudy:
    """A plan, and the configs of its variants."""

    plan: Plan
    variants: tuple[Planned, ...]
    text: str
    """The config that is varied, as YAML."""
    notes: tuple[str, ...]

    @property
    def texts(self) -> dict[str, str]:
        """The variants' configs as YAML, by name."""
        return {each.variant.name: each.text for each in self.variants}


def new_study(request: StudyRequest) -> NewStudy:
    """The plan of a new study, every config checked and resolved with its data.

    Raises ConfigError, DataError, ArgumentError.
    """
    variants = variants_of(request.tree, request.axes)
    refuse_too_many(len(variants), request.seeds)
    refuse_without_data(variants)
    chosen = checked_variants(variants, request)
    records = tuple(each.variant for each in chosen)
    notes = [note for variant in variants for note in variant.notes]
    if request.reference is not None:
        reference = named(request.reference, records)
    else:
        same = as_given(request.tree, variants)
        reference = None if same is None else records[same].name
        if same is None and len(variants) > 1:
            notes.append(
                "no variant is the config as it is given, so all pairs are compared; "
                "`--reference` names one to compare the others with"
            )
    plan = Plan(
        name=variants[0].config.name,
        variants=records,
        seeds=seeds_from(variants[0].config.training.seed, request.seeds),
        reference=reference if len(records) > 1 else None,
        margin=request.margin,
        seconds=request.seconds,
        budget=request.budget,
        data_folder=folder_text(request.folder, [variant.config for variant in variants]),
    )
    text = yaml_text(without_alternatives(request.tree).value)
    return NewStudy(plan, tuple(chosen), text, tuple(dict.fromkeys(notes)))


def folder_text(folder: Path, configs: Sequence[Config]) -> str:
    """What names of data files and runs start from; `.` where no config names any."""
    bundled = all(config.data is not None and config.data.dataset for config in configs)
    vectors = any(
        config.model.embedding is not None and config.model.embedding.pretrained is not None
        for config in configs
    )
    runs = any(config.training.from_run is not None for config in configs)
    return "." if bundled and not vectors and not runs else str(folder.resolve())


def checked_variants(
    variants: Sequence[Variant], request: StudyRequest, taken: Sequence[str] = ()
) -> list[Planned]:
    """The variants with names and, with a budget, other units. Raises ConfigError, DataError."""
    resolved = resolve_together([variant.config for variant in variants], request.folder)
    if any(each.facts is not None and not any(each.facts.rows[1:]) for each in resolved):
        raise ArgumentError(
            "no rows are held out, so that no variant would have a score",
            "hold some out: `data.split: {validation: 0.1, test: 0.1}`",
        )
    return planned(variants, resolved, request.budget, taken)


def refuse_without_data(variants: Sequence[Variant]) -> None:
    """Raises ArgumentError where a variant cannot be trained or has a seed of its own."""
    if any(variant.config.data is None for variant in variants):
        raise ArgumentError(
            "a study trains its variants, and the config names no data",
            "add `data: {dataset: languages}`, or compare without training: rnnbuild compare",
        )
    if any(key == "training.seed" for variant in variants for key, _ in variant.settings):
        raise ArgumentError(
            "`training.seed` cannot be varied: every variant is trained with every seed",
            "say how many: `--seeds 5`",
        )


def begin_or_go_on(directory: Path | None, parent: Path, new: NewStudy) -> StudyDirectory:
    """The folder of a study that is new, or of the same one if it began before.

    It is `directory`, else `<parent>/<name>-<n>`. Raises RunError where that contains another
    study or anything else.
    """
    if directory is not None:
        study = StudyDirectory(directory)
        if study.began and not is_same(study, new):
            raise another_study_error(study, new)
    else:
        study = free_study(parent, new.plan.name, lambda known: is_same(known, new))
    if study.began:
        return study
    make_folder(study)
    with locked_study(study):
        write_start(study, new.text, new.texts)
        with writing(study):
            write_plan(study, new.plan)
    return study


def is_same(study: StudyDirectory, new: NewStudy) -> bool:
    """Whether a study began with this plan and these configs."""
    try:
        plan = without_extensions(read_plan(study))
        return plan == new.plan and not changed_configs(study, new)
    except RunError:
        return False


def changed_configs(study: StudyDirectory, new: NewStudy) -> list[str]:
    """Labels of variants whose configs are other ones. Raises RunError where one is missing."""
    return [
        each.variant.label
        for each in new.variants
        if study.variant(each.variant.name).exists()
        and content_of(study.variant(each.variant.name)).decode("utf-8", "replace") != each.text
    ]


def another_study_error(study: StudyDirectory, new: NewStudy) -> RunError:
    """Says in what a study differs from the one that was asked for."""
    different = differences_of(without_extensions(read_plan(study)), new.plan)
    changed = changed_configs(study, new)
    if changed:
        different.append(f"the config of {', '.join(f'`{each}`' for each in changed)} differs")
    return RunError(
        f"{study.path} is another study: {'; '.join(different)}",
        f"choose another folder with `--dir`, or go on with that one: "
        f"{command_text('study', study.path)}",
    )


def grow(
    study: StudyDirectory,
    plan: Plan,
    variants: Sequence[Planned],
    seeds: int | None,
    finished: int,
) -> Plan:
    """Add variants, and seeds up to their new number, to a study; the caller holds its lock.

    `finished` is the number of runs that have. Raises ArgumentError where it has more seeds
    already, RunError where it cannot be written.
    """
    more: tuple[int, ...] = ()
    if seeds is not None:
        if seeds < len(plan.seeds):
            raise ArgumentError(
                f"{study.path} has {len(plan.seeds)} seeds already ({seeds_text(plan.seeds)}), "
                f"and `--seeds {seeds}` would remove some",
                "a study only grows; begin another one with `--dir` for fewer",
            )
        more = (
            seeds_from(max(plan.seeds) + 1, seeds - len(plan.seeds))
            if (seeds > len(plan.seeds))
            else ()
        )
    refuse_too_many(len(plan.variants) + len(variants), len(plan.seeds) + len(more))
    larger = extended(plan, [each.variant for each in variants], more, finished)
    if larger is not plan:
        with writing(study):
            write_variants(study, {each.variant.name: each.text for each in variants})
            write_plan(study, larger)
    return larger


def more_variants(
    study: StudyDirectory, plan: Plan, axes: Sequence[Axis], tree: Tree
) -> list[Planned]:
    """Variants of a study's config that it does not have yet. Raises ConfigError, DataError."""
    request = StudyRequest(tree, tuple(axes), 1, Path(plan.data_folder), budget=plan.budget)
    variants = variants_of(tree, axes)
    refuse_without_data(variants)
    known = {each.label for each in plan.variants}
    new = [variant for variant in variants if variant.label not in known]
    return checked_variants(new, request, [each.name for each in plan.variants])


def check_variants(study: StudyDirectory, plan: Plan) -> None:
    """Raises RunError or ConfigError where a variant's config is missing or damaged."""
    from rnnbuild.runs.config_file import tree_in

    for variant in plan.variants:
        checked(tree_in(study.variant(variant.name)), accepts_idle=True)
