"""The layers of a chain as `model` of a config, each problem naming its layer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rnnbuild.adoption.arguments import (
    Findings,
    is_one,
    not_taken_over,
    refuse_other_than_float32,
    section_values,
    shown,
)
from rnnbuild.adoption.chain import ForeignLayer
from rnnbuild.adoption.recurrent import CELL_NAMES, recurrent_values
from rnnbuild.config.schema.layers import (
    BatchNormalizationLayer,
    DenseLayer,
    DropoutLayer,
    LayerNormalizationLayer,
    SpatialDropoutLayer,
    StepDropoutLayer,
)
from rnnbuild.config.schema.model import EmbeddingConfig, HeadConfig, HiddenConfig
from rnnbuild.errors import Problem

INERT = frozenset({"GaussianNoise", "GaussianDropout", "AlphaDropout", "ActivityRegularization"})
"""Layers that do nothing outside training, and that no config has."""
POOLINGS: Mapping[str, str] = {
    "GlobalAveragePooling1D": "mean",
    "GlobalMaxPooling1D": "max",
    "MaskedMaxPooling": "max",
    "AttentionPooling": "attention",
}
OWN = frozenset({"MaskedMaxPooling", "AttentionPooling"})
"""Layers of rnnbuild's own, which its models may have."""
DROPOUT = {"kind": "dropout"}
STEP_MASK = [None, None, 1]
"""The `noise_shape` of a Dropout that drops whole steps."""
SUPPORTED = (
    "a config has Embedding, SimpleRNN, GRU, LSTM, Bidirectional, Dense, dropout, normalisation "
    "and global pooling"
)
HINTS: Mapping[str, str] = {
    "Lambda": "a Lambda is Python code, which is never run from a file",
    "Masking": "rnnbuild masks the padding of text by itself, and series have none",
    "Flatten": "end the sequence in a recurrent layer or in global pooling instead",
    "RNN": "use the layer of the cell itself: SimpleRNN, GRU or LSTM",
    "RepeatVector": "a decoder needs the words of both languages: train one with `task: translate`",
    "Sequential": "put its layers into the outer model, one after another",
    "Model": "put its layers into the outer model, one after another",
    "Functional": "put its layers into the outer model, one after another",
}


@dataclass
class Translated:
    """A model of the config, as it grows layer by layer.

    layers, pooling, hidden, head: as in a config
    computing: the layers of the file that have weights
    per_step:  whether there is still a sequence
    """

    embedding: dict[str, Any] | None = None
    layers: list[dict[str, Any]] = field(default_factory=list)
    pooling: str | None = None
    hidden: list[dict[str, Any]] = field(default_factory=list)
    head: dict[str, Any] = field(default_factory=dict)
    per_step: bool = True
    computing: list[ForeignLayer] = field(default_factory=list)

    def values(self) -> dict[str, Any]:
        """`model` of the config."""
        head = {**self.head, **({"hidden": self.hidden} if self.hidden else {})}
        return {
            **({"embedding": self.embedding} if self.embedding is not None else {}),
            "layers": self.layers,
            **({"pooling": self.pooling} if self.pooling else {}),
            "head": head,
        }


def translated(layers: Sequence[ForeignLayer], findings: Findings) -> Translated:
    """The config of layers that begin behind the input and behind what reads text.

    What it cannot say is added to `findings`.
    """
    for layer in layers:
        refuse_other_than_float32(layer, findings)
    layers = [layer for layer in layers if not drops_everything(layer, findings)]
    model = Translated()
    rest = with_activations_in_dense(layers)
    if rest and rest[0].kind == "Embedding" and rest[0].custom is None:
        first = rest.pop(0)
        model.computing.append(first)
        model.embedding = section_values(first, EmbeddingConfig, findings, ("mask_zero",))
        if rest and rest[0].kind == "Dropout" and rest[0].arguments.get("noise_shape") is None:
            dropout = section_values(rest.pop(0), DropoutLayer, findings, ("noise_shape",), DROPOUT)
            model.embedding["dropout"] = dropout.get("rate", 0.0)
    while rest and rest[-1].kind in ("Dropout", *INERT):
        last = rest.pop()
        findings.notes.append(f"{last}: comes after the last Dense and is not taken over")
    head = rest.pop() if rest else None
    for layer in rest:
        add_layer(model, layer, findings)
    add_head(model, head, findings)
    thaw_if_all_are_frozen(model, findings)
    if not any("cell" in layer for layer in model.layers) and not findings.problems:
        findings.problems.append(Problem("the model has no recurrent layer", hint=SUPPORTED))
    return model


def drops_everything(layer: ForeignLayer, findings: Findings) -> bool:
    """Whether it is a dropout of rate 1, which no config has; a note if it is."""
    drops = layer.kind in ("Dropout", "SpatialDropout1D") and is_one(layer.arguments.get("rate"))
    if drops:
        findings.notes.append(not_taken_over(layer, "rate", layer.arguments["rate"]))
    return drops


def thaw_if_all_are_frozen(model: Translated, findings: Findings) -> None:
    """Leave `trainable` out of a model of which nothing would be trained, which a config refuses;
    a note if it was so."""
    layers = [each for each in model.layers if "dropout" not in each.get("kind", "")]
    sections = [*filter(None, [model.embedding]), *layers, *model.hidden, model.head]
    if model.pooling != "attention" and all(each.get("trainable") is False for each in sections):
        for section in sections:
            del section["trainable"]
        findings.notes.append(
            "every layer of the file is frozen, and a run that is trained on trains all of them; "
            "`trainable: false` in config.yaml freezes one"
        )


def with_activations_in_dense(layers: Sequence[ForeignLayer]) -> list[ForeignLayer]:
    """The layers, an activation behind a Dense without one as that layer's own."""
    merged: list[ForeignLayer] = []
    for layer in layers:
        activation = activation_of(layer)
        before = merged[-1] if merged else None
        inner = dense_of(before) if before is not None else None
        if activation is None or inner is None or inner.arguments.get("activation") != "linear":
            merged.append(layer)
            continue
        arguments = {**inner.arguments, "activation": activation}
        merged[-1] = replace(inner, arguments=arguments)
    return merged


def activation_of(layer: ForeignLayer) -> Any:
    """The activation that a layer consists of; None where it is another layer."""
    if layer.custom is not None:
        return None
    given = layer.arguments
    if layer.kind == "Activation":
        return given.get("activation")
    if layer.kind == "ReLU":
        plain = given.get("max_value") is None and not given.get("negative_slope")
        return "relu" if plain and not given.get("threshold") else None
    return "softmax" if layer.kind == "Softmax" and given.get("axis") == -1 else None


def dense_of(layer: ForeignLayer) -> ForeignLayer | None:
    """A Dense, or the one that a TimeDistributed applies at each step, which Dense does anyway."""
    if layer.custom is not None or layer.kind == "Dense":
        return layer if layer.custom is None else None
    inner = layer.arguments.get("layer")
    if layer.kind != "TimeDistributed" or not isinstance(inner, dict):
        return None
    if inner.get("class_name") != "Dense" or inner.get("registered_name") not in (None, "Dense"):
        return None
    arguments = inner.get("config")
    if not isinstance(arguments, dict):
        return None
    if layer.arguments.get("trainable") is False:
        arguments = {**arguments, "trainable": False}
    return replace(layer, kind="Dense", arguments=arguments)


def add_layer(model: Translated, layer: ForeignLayer, findings: Findings) -> None:
    """Add a layer between the embedding and the head."""
    dense = dense_of(layer)
    if layer.custom is not None and layer.kind not in OWN:
        findings.problems.append(custom_layer(layer))
    elif layer.kind in INERT:
        findings.notes.append(f"{layer}: changes training alone and is not taken over")
    elif layer.kind in POOLINGS:
        add_pooling(model, layer, findings)
    elif layer.kind in (*CELL_NAMES, "Bidirectional"):
        add_recurrent(model, layer, findings)
    elif dense is not None:
        model.computing.append(layer)
        section, fixed = (HiddenConfig, {}) if model.pooling else (DenseLayer, {"kind": "dense"})
        values = section_values(dense, section, findings, (), fixed)
        (model.hidden if model.pooling else model.layers).append(values)
    elif layer.kind in KINDS:
        add_other(model, layer, findings)
    else:
        findings.problems.append(unknown_layer(layer))


def custom_layer(layer: ForeignLayer) -> Problem:
    if layer.by_keras:
        return unknown_layer(layer)
    what = f"is `{layer.custom}`, a class of somebody's own, whose code is not in the file"
    return layer.problem(what, SUPPORTED)


def unknown_layer(layer: ForeignLayer) -> Problem:
    return layer.problem("is of a class that a config cannot say", HINTS.get(layer.kind, SUPPORTED))


def add_recurrent(model: Translated, layer: ForeignLayer, findings: Findings) -> None:
    values, goes_on = recurrent_values(layer, findings)
    if not model.per_step:
        findings.problems.append(layer.problem("comes after the end of the sequence"))
    if goes_on and values.get("go_backwards"):
        findings.problems.append(
            layer.problem(
                "has `go_backwards: true` and `return_sequences: true`, which a config cannot say",
                "it can read backwards in the layer in which the sequence ends",
            )
        )
    model.computing.append(layer)
    model.layers.append(values)
    model.per_step = goes_on


def add_pooling(model: Translated, layer: ForeignLayer, findings: Findings) -> None:
    for key, usual in (("data_format", "channels_last"), ("keepdims", False)):
        if layer.arguments.get(key, usual) != usual:
            said = f"has `{key}: {shown(layer.arguments[key])}`, which a config cannot say"
            findings.problems.append(layer.problem(said))
    if not model.per_step:
        findings.problems.append(layer.problem("comes after the end of the sequence"))
    if layer.kind == "AttentionPooling":
        model.computing.append(layer)
    model.pooling, model.per_step = POOLINGS[layer.kind], False


def add_other(model: Translated, layer: ForeignLayer, findings: Findings) -> None:
    """Add a dropout or a normalisation."""
    section, kind = KINDS[layer.kind]
    drops = "dropout" in kind
    if model.pooling:
        if drops:
            findings.notes.append(
                f"{layer}: changes training alone, and a config has no place for it behind pooling:"
                " it is not taken over"
            )
        else:
            findings.problems.append(
                layer.problem("comes after pooling, where a config has only Dense", SUPPORTED)
            )
        return
    if drops:
        noise = layer.arguments.get("noise_shape")
        if layer.kind == "Dropout" and noise == STEP_MASK:
            section, kind = StepDropoutLayer, "step_dropout"
        elif noise is not None and layer.kind == "Dropout":
            findings.notes.append(not_taken_over(layer, "noise_shape", noise))
        handled = ("noise_shape",)
    else:
        refuse_other_axis(model, layer, findings)
        model.computing.append(layer)
        handled = ("axis",)
    model.layers.append(section_values(layer, section, findings, handled, {"kind": kind}))


def refuse_other_axis(model: Translated, layer: ForeignLayer, findings: Findings) -> None:
    """A problem unless it normalises the features, which are the last axis."""
    axis, last = layer.arguments.get("axis", -1), 2 if model.per_step else 1
    if axis not in (-1, last, [-1], [last]):
        what = f"has `axis: {shown(axis)}`, which a config cannot say"
        findings.problems.append(layer.problem(what, "it normalises the features: `axis=-1`"))


KINDS: Mapping[str, tuple[Any, str]] = {
    "Dropout": (DropoutLayer, "dropout"),
    "SpatialDropout1D": (SpatialDropoutLayer, "spatial_dropout"),
    "LayerNormalization": (LayerNormalizationLayer, "layer_normalization"),
    "BatchNormalization": (BatchNormalizationLayer, "batch_normalization"),
}


def add_head(model: Translated, layer: ForeignLayer | None, findings: Findings) -> None:
    """Add the last Dense, which answers."""
    dense = dense_of(layer) if layer is not None else None
    if layer is None or dense is None:
        what = f"{layer} is the last layer, and not a Dense" if layer else "the model has no layers"
        hint = "the answer is that of a Dense: add one, trained with the rest"
        findings.problems.append(Problem(what, hint=hint))
        return
    model.computing.append(layer)
    values = section_values(dense, HeadConfig, findings)
    # What follows from the data elsewhere is stated here: there is no data.
    model.head = {**values, **{key: dense.arguments.get(key) for key in ("units", "activation")}}
