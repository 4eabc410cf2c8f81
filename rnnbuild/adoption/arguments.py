"""The arguments of a Keras layer as keys of a section of the config.

What changes the layer's arithmetic and cannot be said is a problem; what changes training alone and
cannot be said is a note.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from pydantic import ValidationError

from rnnbuild.adoption.chain import FLOAT32, ForeignLayer, short, with_wrapped
from rnnbuild.config.idle import idle_keys
from rnnbuild.config.schema.base import Section
from rnnbuild.config.schema.choices import Constraint, Initializer, Regularizer
from rnnbuild.config.schema.layers import LayerNormalizationLayer
from rnnbuild.config.written import inline_text
from rnnbuild.errors import Problem
from rnnbuild.models.arguments import class_name

NO_EFFECT = frozenset(
    "name dtype seed unroll zero_output_for_mask input_length sparse renorm_momentum".split()  # noqa: SIM905
)
"""Arguments that change no output, or that are looked at elsewhere."""
FIXED: Mapping[str, tuple[Any, str]] = {
    "stateful": (False, "each row is answered by itself; build the layer without it"),
    "return_state": (False, "a chain passes on outputs alone; build the layer without it"),
    "rms_scaling": (False, "use LayerNormalization without it"),
    "synchronized": (False, "build the layer without it"),
    "renorm": (False, "build the layer without it"),
    "quantization_config": (None, "save the model before it is quantized"),
    "lora_rank": (None, "save the model once its LoRA weights are merged"),
}
"""The values that arguments must have, and what to do about others."""
TRAINING_ONLY = ("_initializer", "_regularizer", "_constraint")
SHARES = ("dropout", "recurrent_dropout", "momentum")
"""Numbers that change training alone."""
YES_OR_NO = ("return_sequences", "go_backwards", "mask_zero")
FAMILIES: Mapping[str, Any] = {
    "initializer": Initializer,
    "regularizer": Regularizer,
    "constraint": Constraint,
}


@dataclass
class Findings:
    """What stands against a model, and what should be known of it, as its layers are read."""

    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def names_of(choice: Any) -> dict[str, str]:
    """The names of one of the schema's unions of named things, by their Keras classes."""
    sections = get_args(get_args(choice)[0])
    names = [name for each in sections for name in get_args(each.model_fields["name"].annotation)]
    # Of two names for one class, `uniform` and `random_uniform`, the first is the usual one.
    return {class_name(name): name for name in reversed(names)}


NAMES = {family: names_of(choice) for family, choice in FAMILIES.items()}


def section_values(
    layer: ForeignLayer,
    section: type[Section],
    findings: Findings,
    handled: Iterable[str] = (),
    fixed: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The keys of a section that say what a layer's arguments do, without those at their default.

    `handled` are arguments that the caller looks at, `fixed` keys of the section that are no
    arguments, such as `kind`. Problems and notes are added to `findings`.
    """
    values: dict[str, Any] = dict(fixed or {})
    before = len(findings.problems)
    for key, value in layer.arguments.items():
        if key in YES_OR_NO and not isinstance(value, bool):
            what = f"has `{key}: {shown(value)}`, which is neither true nor false"
            findings.problems.append(layer.problem(what))
            continue
        if key in NO_EFFECT or key in handled:
            continue
        if key in FIXED:
            needed, hint = FIXED[key]
            if value != needed:
                findings.problems.append(layer.problem(f"has `{key}: {shown(value)}`", hint))
        elif key.endswith(TRAINING_ONLY):
            if value is None:
                continue
            named = named_value(key, value)
            if named is None or key not in section.model_fields:
                findings.notes.append(not_taken_over(layer, key, value))
            else:
                values[key] = named
        elif key in section.model_fields:
            values[key] = value
        elif key == "activity_regularizer":
            if value is not None:
                findings.notes.append(not_taken_over(layer, key, value))
        # A section without `trainable` is of a layer without weights.
        elif key != "trainable" and value not in (None, False):
            what = f"has `{key}: {shown(value)}`, which a config cannot say"
            findings.problems.append(layer.problem(what, f"build the layer without `{key}`"))
    if len(findings.problems) > before:
        return values
    return validated(layer, section, values, findings)


def validated(
    layer: ForeignLayer, section: type[Section], values: dict[str, Any], findings: Findings
) -> dict[str, Any]:
    """The values without those at their default and those that do nothing; problems for those that
    the schema refuses."""
    try:
        checked = section.model_validate(values)
    except ValidationError as error:
        wrong = {str(each["loc"][0]): each["msg"] for each in error.errors(include_url=False)}
        training = [key for key in wrong if changes_training_alone(key, values.get(key))]
        for key in training:
            findings.notes.append(not_taken_over(layer, key, values[key]))
        for key in (key for key in wrong if key not in training):
            said = f"has `{key}: {shown(values[key])}`, which a config cannot say"
            what = said if key in values else f"has no `{key}`"
            findings.problems.append(layer.problem(what, hint_for(section, key)))
        if len(training) < len(wrong):
            return values
        rest = {key: value for key, value in values.items() if key not in training}
        return validated(layer, section, rest, findings)
    fields = section.model_fields
    for key, switch in idle_keys(checked):
        if getattr(checked, key) not in (None, False, fields[key].default):
            findings.notes.append(
                f"{layer}: `{key}` does nothing where `{switch}` is false: it is not taken over"
            )
        values = {name: value for name, value in values.items() if name != key}
    if isinstance(checked, LayerNormalizationLayer) and not (checked.center or checked.scale):
        values = {name: value for name, value in values.items() if name != "trainable"}
    return {
        key: value
        for key, value in values.items()
        if fields[key].is_required() or getattr(checked, key) != fields[key].default
    }


def changes_training_alone(key: str, value: Any) -> bool:
    """Whether a value that a config cannot say is left out, with a note: Keras takes a share of 1,
    and the config only less."""
    return key.endswith(TRAINING_ONLY) or (key in SHARES and is_one(value))


def is_one(value: Any) -> bool:
    return value == 1 and not isinstance(value, bool)


def hint_for(section: type[Section], key: str) -> str | None:
    """What a config can say instead."""
    choices = get_args(section.model_fields[key].annotation) if key in section.model_fields else ()
    names = [name for name in choices if isinstance(name, str)]
    return f"it can say {', '.join(names)}" if names else None


def refuse_other_than_float32(layer: ForeignLayer, findings: Findings) -> None:
    """A problem for each other precision of a layer, or of one that it wraps."""
    for each in with_wrapped(layer):
        policy = policy_of(each)
        if policy not in (None, "float32"):
            findings.problems.append(each.problem(f"computes in `{shown(policy)}`", FLOAT32))


def policy_of(layer: ForeignLayer) -> Any:
    """The name of the precision that a layer computes in; None where it is not stated."""
    policy = layer.arguments.get("dtype")
    if isinstance(policy, dict):
        inner = policy.get("config")
        return inner.get("name") if isinstance(inner, dict) else policy.get("class_name")
    return policy


def named_value(key: str, value: Any) -> dict[str, Any] | None:
    """`{name: l2, l2: 0.01}` of a described object of Keras; None where the schema has no name."""
    names = NAMES[key.rpartition("_")[2]]
    if isinstance(value, str):
        return {"name": value} if value in names.values() else None
    if not isinstance(value, dict) or not isinstance(value.get("config"), dict):
        return None
    name = names.get(str(value.get("class_name")))
    if name is None or not str(value.get("module")).startswith("keras."):
        return None
    plain = {
        argument: given
        for argument, given in value["config"].items()
        if argument != "seed" and isinstance(given, int | float | str)
    }
    # A penalty of nothing, which a config refuses.
    return None if name == "l1l2" and not any(plain.values()) else {"name": name, **plain}


def not_taken_over(layer: ForeignLayer, key: str, value: Any) -> str:
    return (
        f"{layer}: `{key}: {shown(value)}` changes training alone, and a config cannot say it: it "
        "is not taken over"
    )


def shown(value: Any) -> str:
    """A value of a file as a config would write it; of an object its class, of a function its
    name."""
    if isinstance(value, dict):
        function = value.get("config") if value.get("class_name") == "function" else None
        names = (function, value.get("registered_name"), value.get("class_name"), value.get("name"))
        return short(next((name for name in names if isinstance(name, str)), "an object"))
    return short(inline_text(value))
