"""What a study is to train: every variant of a config by every seed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rnnbuild.analysis.equal_parameters import fitted, units_of
from rnnbuild.config.load import checked
from rnnbuild.config.schema import Config
from rnnbuild.config.schema.layers import RecurrentArguments
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.config.variants import Variant, short_value, without_alternatives
from rnnbuild.config.written import plain_values, yaml_text
from rnnbuild.config.yaml_tree import Tree
from rnnbuild.errors import ArgumentError, did_you_mean
from rnnbuild.runs.study.plan_file import Extension, Plan, PlannedVariant, SettingValue

AS_GIVEN = "as given"
LONGEST_NAME = 60
MOST_RUNS = 10_000
LARGEST_SEED = 2**32 - 1


@dataclass(frozen=True)
class Planned:
    """A variant of the plan, and its config."""

    variant: PlannedVariant
    config: Config

    @property
    def text(self) -> str:
        """The config as the study's folder contains it."""
        return yaml_text(plain_values(self.config, defaults=False))


def planned(
    variants: Sequence[Variant],
    resolved: Sequence[ResolvedConfig],
    budget: int | None = None,
    taken: Iterable[str] = (),
) -> list[Planned]:
    """The variants with names that are not `taken`; with a `budget` of parameters, at the units
    that come nearest to it."""
    names = set(taken)
    result = []
    for variant, each in zip(variants, resolved, strict=True):
        label = variant.label or AS_GIVEN
        name = free_name(label, names)
        names.add(name)
        settings = {key: setting_value(value) for key, value in variant.settings}
        config = variant.config
        if budget is not None:
            config = with_units(config, units_of(fitted(each, budget)))
        result.append(Planned(PlannedVariant(name=name, label=label, settings=settings), config))
    return result


def free_name(label: str, taken: Iterable[str]) -> str:
    """A name for files from a label: `cell=gru, depth=2` is `cell-gru-depth-2`."""
    plain = re.sub(r"[^a-z0-9.]+", "-", label.lower()).strip("-.")[:LONGEST_NAME].strip("-.")
    name, number = plain or "variant", 1
    while name in taken:
        number += 1
        name = f"{plain or 'variant'}-{number}"
    return name


def setting_value(value: Any) -> SettingValue:
    """A number or text as it is; anything else as it would be typed."""
    return (
        value
        if value is None or isinstance(value, bool | int | float | str)
        else (short_value(value))
    )


def with_units(config: Config, units: Sequence[int]) -> Config:
    """The config with other units in its recurrent layers, in order."""
    rest = iter(units)
    layers = tuple(
        layer.model_copy(update={"units": next(rest)})
        if isinstance(layer, RecurrentArguments)
        else layer
        for layer in config.model.layers
    )
    return config.model_copy(update={"model": config.model.model_copy(update={"layers": layers})})


def as_given(tree: Tree, variants: Sequence[Variant]) -> int | None:
    """The number of the variant that equals the config as it is written, if one does."""
    values = plain_values(checked(without_alternatives(tree)), defaults=True)
    same = (plain_values(variant.config, defaults=True) == values for variant in variants)
    return next((number for number, equal in enumerate(same) if equal), None)


def named(text: str, variants: Sequence[PlannedVariant]) -> str | None:
    """The name of the variant that `--reference` means: by its name, its label or one of its
    settings; None for `none`. Raises ArgumentError."""
    if text == "none":
        return None
    for variant in variants:
        if text in (variant.name, variant.label):
            return variant.name
    values = [(each, [short_value(value) for value in each.settings.values()]) for each in variants]
    having = [each.name for each, texts in values if text in texts]
    if len(having) == 1:
        return having[0]
    labels = [variant.label for variant in variants]
    known = ", ".join(f"`{label}`" for label in labels[:8])
    raise ArgumentError(
        f"--reference: there is no variant `{text}`{did_you_mean(text, labels)}",
        f"the variants are {known}{', ...' if len(labels) > 8 else ''}; `none` compares all pairs",
    )


def seeds_from(first: int, count: int) -> tuple[int, ...]:
    """That many seeds from the config's own on. Raises ArgumentError where there is none."""
    if count < 1:
        raise ArgumentError(
            f"--seeds must be 1 or more, found {count}",
            "differences need 2 seeds, and 5 or more show anything but large ones: `--seeds 5`",
        )
    if first + count - 1 > LARGEST_SEED:
        raise ArgumentError(
            f"{count} seeds from {first} on go beyond the largest, {LARGEST_SEED}",
            "set `training.seed` to a smaller number",
        )
    return tuple(range(first, first + count))


def refuse_too_many(variants: int, seeds: int) -> None:
    """Raises ArgumentError for a study that nobody means."""
    if variants * seeds > MOST_RUNS:
        raise ArgumentError(
            f"{variants:,} variants by {seeds:,} seeds are {variants * seeds:,} runs; "
            f"a study has at most {MOST_RUNS:,}"
        )


def extended(
    plan: Plan, variants: Sequence[PlannedVariant], seeds: Sequence[int], finished: int
) -> Plan:
    """The plan with more variants and seeds. `finished` is the number of runs whose results may
    have been seen by now. As it is, where nothing is new."""
    new_seeds = tuple(seed for seed in seeds if seed not in plan.seeds)
    if not variants and not new_seeds:
        return plan
    names = tuple(variant.name for variant in variants)
    return replace(
        plan,
        variants=(*plan.variants, *variants),
        seeds=(*plan.seeds, *new_seeds),
        extensions=(
            *plan.extensions,
            Extension(finished=finished, seeds=new_seeds, variants=names),
        ),
    )


def without_extensions(plan: Plan) -> Plan:
    """The plan as the study began with it."""
    seeds = {seed for each in plan.extensions for seed in each.seeds}
    names = {name for each in plan.extensions for name in each.variants}
    return replace(
        plan,
        variants=tuple(each for each in plan.variants if each.name not in names),
        seeds=tuple(seed for seed in plan.seeds if seed not in seeds),
        extensions=(),
    )


def differences_of(plan: Plan, other: Plan) -> list[str]:
    """What a second plan asks for otherwise than the first, in words."""
    found = []
    if plan.name != other.name:
        found.append(f"its config is called {plan.name}, not {other.name}")
    labels, others = ({each.label for each in one.variants} for one in (plan, other))
    if labels != others:
        more, fewer = sorted(others - labels), sorted(labels - others)
        found += [f"it lacks {', '.join(f'`{each}`' for each in more)}"] if more else []
        found += [f"it also has {', '.join(f'`{each}`' for each in fewer)}"] if fewer else []
    if plan.seeds != other.seeds:
        found.append(f"its seeds are {seeds_text(plan.seeds)}, not {seeds_text(other.seeds)}")
    for key, what in (
        ("reference", "reference"),
        ("margin", "margin"),
        ("seconds", "time limit"),
        ("budget", "number of parameters"),
        ("data_folder", "data folder"),
    ):
        one, two = getattr(plan, key), getattr(other, key)
        if one != two:
            found.append(f"its {what} is {value_or_none(one)}, not {value_or_none(two)}")
    return found


def value_or_none(value: Any) -> str:
    return "none" if value is None else str(value)


def seeds_text(seeds: Sequence[int]) -> str:
    """`1 to 5`, or `1, 2, 7`."""
    if len(seeds) > 2 and list(seeds) == list(range(seeds[0], seeds[0] + len(seeds))):
        return f"{seeds[0]} to {seeds[-1]}"
    return ", ".join(map(str, seeds))
