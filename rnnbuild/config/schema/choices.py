"""Named things that Keras knows by a string, with their arguments: activations, initialisers,
regularisers and constraints.

Names, arguments and defaults are Keras' own (keras/src/activations, initializers, regularizers,
constraints). `kernel_initializer: he_normal` is short for `kernel_initializer: {name: he_normal}`.
"""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from rnnbuild.config.schema.base import NaturalFloat, PositiveFloat, Section

# `glu` halves the width and `threshold` needs arguments: neither fits a layer's `activation`.
Activation = Literal[
    "celu",
    "elu",
    "exponential",
    "gelu",
    "hard_shrink",
    "hard_sigmoid",
    "hard_silu",
    "hard_swish",
    "hard_tanh",
    "leaky_relu",
    "linear",
    "log_sigmoid",
    "log_softmax",
    "mish",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "silu",
    "soft_shrink",
    "softmax",
    "softplus",
    "softsign",
    "sparse_plus",
    "sparse_sigmoid",
    "sparsemax",
    "squareplus",
    "swish",
    "tanh",
    "tanh_shrink",
]


def named(value: Any) -> Any:
    """A bare name as the mapping it is short for; everything else as it is."""
    return {"name": value} if isinstance(value, str) else value


class PlainInitializer(Section):
    name: Literal[
        "zeros",
        "ones",
        "glorot_uniform",
        "glorot_normal",
        "he_uniform",
        "he_normal",
        "lecun_uniform",
        "lecun_normal",
    ]


class ConstantInitializer(Section):
    name: Literal["constant"]
    value: float = 0.0


class NormalInitializer(Section):
    name: Literal["random_normal", "truncated_normal"]
    mean: float = 0.0
    stddev: PositiveFloat = 0.05


class UniformInitializer(Section):
    name: Literal["uniform", "random_uniform"]
    minval: float = -0.05
    maxval: float = 0.05


class VarianceScalingInitializer(Section):
    name: Literal["variance_scaling"]
    scale: PositiveFloat = 1.0
    mode: Literal["fan_in", "fan_out", "fan_avg"] = "fan_in"
    distribution: Literal["truncated_normal", "untruncated_normal", "uniform"] = "truncated_normal"


class MatrixInitializer(Section):
    name: Literal["orthogonal", "identity"]
    gain: float = 1.0


Initializer = Annotated[
    PlainInitializer
    | ConstantInitializer
    | NormalInitializer
    | UniformInitializer
    | VarianceScalingInitializer
    | MatrixInitializer,
    Field(discriminator="name"),
    BeforeValidator(named),
]
"""For a weight matrix."""

VectorInitializer = Annotated[
    PlainInitializer
    | ConstantInitializer
    | NormalInitializer
    | UniformInitializer
    | VarianceScalingInitializer,
    Field(discriminator="name"),
    BeforeValidator(named),
]
"""For a bias or a scale: what only a matrix can be is left out."""


class L1Regularizer(Section):
    name: Literal["l1"]
    l1: PositiveFloat = 0.01


class L2Regularizer(Section):
    name: Literal["l2"]
    l2: PositiveFloat = 0.01


class L1L2Regularizer(Section):
    name: Literal["l1l2"]
    l1: NaturalFloat = 0.0
    l2: NaturalFloat = 0.0


class OrthogonalRegularizer(Section):
    name: Literal["orthogonal_regularizer"]
    factor: PositiveFloat = 0.01
    mode: Literal["rows", "columns"] = "rows"


Regularizer = Annotated[
    L1Regularizer | L2Regularizer | L1L2Regularizer | OrthogonalRegularizer,
    Field(discriminator="name"),
    BeforeValidator(named),
]
"""Of a weight matrix."""

VectorRegularizer = Annotated[
    L1Regularizer | L2Regularizer | L1L2Regularizer,
    Field(discriminator="name"),
    BeforeValidator(named),
]
"""Of a bias, a scale or a layer's output."""


class MaxNormConstraint(Section):
    name: Literal["max_norm"]
    max_value: PositiveFloat = 2.0
    axis: Literal[0, 1] = 0


class MinMaxNormConstraint(Section):
    name: Literal["min_max_norm"]
    min_value: NaturalFloat = 0.0
    max_value: PositiveFloat = 1.0
    rate: Annotated[float, Field(gt=0, le=1)] = 1.0
    axis: Literal[0, 1] = 0


class UnitNormConstraint(Section):
    name: Literal["unit_norm"]
    axis: Literal[0, 1] = 0


class NonNegConstraint(Section):
    name: Literal["non_neg"]


Constraint = Annotated[
    MaxNormConstraint | MinMaxNormConstraint | UnitNormConstraint | NonNegConstraint,
    Field(discriminator="name"),
    BeforeValidator(named),
]
