"""Each kind of layer in words, equations and arithmetic: one function for each kind of spec."""

import math
from collections.abc import Callable
from dataclasses import replace

from rnnbuild.analysis.both_ways import doubling_of, notes_on_doubling, reads_both_ways
from rnnbuild.analysis.cost import LayerCost, cost_of
from rnnbuild.analysis.equations import Equation, applied
from rnnbuild.analysis.explanation import Explanation, product
from rnnbuild.analysis.recurrent_explanation import recurrent
from rnnbuild.config.freezing import frozen_epochs
from rnnbuild.config.schema.layers import (
    BatchNormalizationLayer,
    DenseLayer,
    DropoutLayer,
    GRULayer,
    LayerNormalizationLayer,
    LSTMLayer,
    NormalizationArguments,
    RepeatVectorLayer,
    SimpleRNNLayer,
    SpatialDropoutLayer,
    StepDropoutLayer,
)
from rnnbuild.config.schema.model import EmbeddingConfig
from rnnbuild.config.stack import (
    AttentionPooling,
    LayerSpec,
    MaxPooling,
    MeanPooling,
    ResolvedConfig,
)
from rnnbuild.formatting import dimension_text


def explanations(resolved: ResolvedConfig) -> tuple[tuple[LayerCost, Explanation], ...]:
    """Every layer of a model, in order, with the numbers of that model put in."""
    explained = []
    for position, layer in enumerate(cost_of(resolved).layers):
        explanation = EXPLANATIONS[type(layer.spec)](layer)
        if reads_both_ways(layer.spec):
            notes = notes_on_doubling(doubling_of(resolved, position), layer)
            explanation = replace(explanation, notes=(*notes, *explanation.notes))
        frozen = notes_on_freezing(layer.spec)
        explained.append((layer, replace(explanation, notes=(*explanation.notes, *frozen))))
    return tuple(explained)


def notes_on_freezing(spec: LayerSpec) -> tuple[str, ...]:
    """What is said of a layer that is not trained, or not from the first epoch on."""
    epochs = frozen_epochs(spec)
    if not epochs:
        return ()
    also = (
        ", and it computes with its running averages in training too"
        if isinstance(spec, BatchNormalizationLayer)
        else ""
    )
    note = f"`trainable: false`: its weights stay as they start{also}."
    if epochs < math.inf:
        note += f" `thaw_after: {epochs}`: from epoch {epochs + 1} on it is trained."
    return (note,)


def embedding(cost: LayerCost) -> Explanation:
    spec = cost.spec
    assert isinstance(spec, EmbeddingConfig)
    return Explanation(
        equations=(Equation("x = E[id]", "the row of each id"),),
        symbols=(("E", f"the table, {spec.input_dim}×{spec.output_dim}: a row for every id"),),
        parameters=f"{spec.input_dim}·{spec.output_dim}",
        notes=(
            "Looking up a row is no multiplication. Id 0 is padding: every layer above skips it.",
        ),
    )


def dropout(cost: LayerCost) -> Explanation:
    spec = cost.spec
    assert isinstance(spec, DropoutLayer)
    return Explanation(
        equations=(Equation(f"y = m ⊙ x / (1 − {spec.rate})", "in training; else y = x"),),
        symbols=(("m", f"0 with probability {spec.rate}, else 1; drawn anew for every number"),),
    )


def spatial_dropout(cost: LayerCost) -> Explanation:
    spec = cost.spec
    assert isinstance(spec, SpatialDropoutLayer)
    return Explanation(
        equations=(Equation(f"y = m ⊙ x / (1 − {spec.rate})", "in training; else y = x"),),
        symbols=(
            ("m", f"0 with probability {spec.rate}, else 1; one for a feature at all its steps"),
        ),
    )


def step_dropout(cost: LayerCost) -> Explanation:
    spec = cost.spec
    assert isinstance(spec, StepDropoutLayer)
    return Explanation(
        equations=(Equation(f"y = m ⊙ x / (1 − {spec.rate})", "in training; else y = x"),),
        symbols=(
            ("m", f"0 with probability {spec.rate}, else 1; one for a step and all its features"),
        ),
    )


def normalized(spec: NormalizationArguments) -> str:
    """`y = γ ⊙ (x − μ) / √(v + 0.001) + β`, without what the layer leaves out."""
    scale = "γ ⊙ " if spec.scale else ""
    shift = " + β" if spec.center else ""
    return f"y = {scale}(x − μ) / √(v + {spec.epsilon}){shift}"


def scale_and_shift(spec: NormalizationArguments, width: int) -> tuple[list[tuple[str, str]], str]:
    """The trained vectors of a normalisation, and the arithmetic of their count."""
    vectors = [("γ", spec.scale, "scale"), ("β", spec.center, "shift")]
    symbols = [
        (symbol, f"the {name} of each feature: {width}") for symbol, on, name in vectors if on
    ]
    return symbols, product(len(symbols), width) if symbols else "0"


def layer_normalization(cost: LayerCost) -> Explanation:
    spec = cost.spec
    assert isinstance(spec, LayerNormalizationLayer)
    symbols, parameters = scale_and_shift(spec, cost.input_width)
    return Explanation(
        equations=(Equation(normalized(spec), "at every step on its own"),),
        symbols=(("μ, v", "mean and variance over the features of the step"), *symbols),
        parameters=parameters,
        notes=("The same in training and afterwards: no example sees another.",),
    )


def batch_normalization(cost: LayerCost) -> Explanation:
    spec = cost.spec
    assert isinstance(spec, BatchNormalizationLayer)
    width = cost.input_width
    symbols, trained = scale_and_shift(spec, width)
    averages = f"2·{width}"
    return Explanation(
        equations=(Equation(normalized(spec), "for every feature on its own"),),
        symbols=(
            ("μ, v", "mean and variance over the batch and its steps without padding, in training"),
            *symbols,
        ),
        parameters=averages if trained == "0" else f"{trained}+{averages}",
        notes=(
            f"Afterwards μ and v are running averages of momentum {spec.momentum}, "
            f"{averages} numbers that are kept but not trained.",
        ),
    )


def dense(cost: LayerCost) -> Explanation:
    spec = cost.spec
    assert isinstance(spec, DenseLayer)
    width, units = cost.input_width, spec.units
    sum_ = "x·W + b" if spec.use_bias else "x·W"
    symbols = [("W", f"{width}×{units}")]
    if spec.use_bias:
        symbols.append(("b", str(units)))
    sequence = len(cost.input_shape) > 1
    return Explanation(
        equations=(Equation(f"y = {applied(spec.activation, sum_)}", "at every step" * sequence),),
        symbols=tuple(symbols),
        parameters=f"{width}·{units}" + (f"+{units}" if spec.use_bias else ""),
        multiply_adds="·".join(map(dimension_text, (*cost.input_shape, units))),
        notes=("The same weights serve every step.",) if sequence else (),
    )


def repeat_vector(cost: LayerCost) -> Explanation:
    spec = cost.spec
    assert isinstance(spec, RepeatVectorLayer)
    return Explanation(
        equations=(Equation("yₜ = x", f"for t = 1 … {spec.n}"),),
        notes=(
            "The one vector in which the encoder ends is what the decoder reads at every step.",
        ),
    )


def real_steps(cost: LayerCost) -> str:
    """What T means where the steps are pooled."""
    steps = cost.input_shape[0]
    return "the steps that are not padding" + (f", {steps} at most" if steps is not None else "")


def mean_pooling(cost: LayerCost) -> Explanation:
    return Explanation(
        equations=(Equation("y = (x₁ + x₂ + … + x_T) / T", "the mean over the steps"),),
        symbols=(("T", real_steps(cost)),),
    )


def max_pooling(cost: LayerCost) -> Explanation:
    return Explanation(
        equations=(Equation("y = max(x₁, x₂, …, x_T)", "of each feature on its own"),),
        symbols=(("T", real_steps(cost)),),
    )


def attention_pooling(cost: LayerCost) -> Explanation:
    steps, width = dimension_text(cost.input_shape[0]), cost.input_width
    return Explanation(
        equations=(
            Equation("uₜ = tanh(xₜ·W + b)", "what each step is looked at by"),
            Equation("a = softmax(u₁·c, …, u_T·c)", "how much each step counts"),
            Equation("y = a₁·x₁ + … + a_T·x_T", "their weighted mean"),
        ),
        symbols=(
            ("W", f"{width}×{width}"),
            ("b", str(width)),
            ("c", f"{width}, the context that a step's u is compared with"),
            ("T", real_steps(cost)),
        ),
        parameters=f"{width}·{width}+2·{width}",
        multiply_adds=f"{steps}·{width}·({width}+2)",
        notes=("Additive attention with a learned query (Yang et al. 2016).",),
    )


EXPLANATIONS: dict[type, Callable[[LayerCost], Explanation]] = {
    EmbeddingConfig: embedding,
    SimpleRNNLayer: recurrent,
    GRULayer: recurrent,
    LSTMLayer: recurrent,
    DropoutLayer: dropout,
    SpatialDropoutLayer: spatial_dropout,
    StepDropoutLayer: step_dropout,
    LayerNormalizationLayer: layer_normalization,
    BatchNormalizationLayer: batch_normalization,
    DenseLayer: dense,
    RepeatVectorLayer: repeat_vector,
    MeanPooling: mean_pooling,
    MaxPooling: max_pooling,
    AttentionPooling: attention_pooling,
}
