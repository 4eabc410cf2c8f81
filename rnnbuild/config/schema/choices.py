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
    """A start without arguments; the names are Keras'."""


class ConstantInitializer(Section):
    name: Literal["constant"]
    """One value everywhere."""
    value: float = 0.0
    """What every weight starts at."""


class NormalInitializer(Section):
    name: Literal["random_normal", "truncated_normal"]
    """A normal distribution, `truncated_normal` within two standard deviations."""
    mean: float = 0.0
    """The distribution's mean."""
    stddev: PositiveFloat = 0.05
    """The distribution's standard deviation."""


class UniformInitializer(Section):
    name: Literal["uniform", "random_uniform"]
    """A uniform distribution."""
    minval: float = -0.05
    """The least value that can be drawn."""
    maxval: float = 0.05
    """The bound that all drawn values stay below."""


class VarianceScalingInitializer(Section):
    name: Literal["variance_scaling"]
    """A spread that follows from the size of the weight."""
    scale: PositiveFloat = 1.0
    """What the variance is multiplied by."""
    mode: Literal["fan_in", "fan_out", "fan_avg"] = "fan_in"
    """What the variance is divided by: inputs, outputs, or their mean."""
    distribution: Literal["truncated_normal", "untruncated_normal", "uniform"] = "truncated_normal"
    """What the values are drawn from."""


class MatrixInitializer(Section):
    name: Literal["orthogonal", "identity"]
    """An orthogonal matrix, or the identity."""
    gain: float = 1.0
    """What the matrix is multiplied by."""


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
"""For a bias or a scale: without those that only suit a matrix."""


class L1Regularizer(Section):
    name: Literal["l1"]
    """A penalty on absolute values."""
    l1: PositiveFloat = 0.01
    """The weight of the absolute values in the loss."""


class L2Regularizer(Section):
    name: Literal["l2"]
    """A penalty on squares."""
    l2: PositiveFloat = 0.01
    """The weight of the squares in the loss."""


class L1L2Regularizer(Section):
    name: Literal["l1l2"]
    """A penalty on both absolute values and squares."""
    l1: NaturalFloat = 0.0
    """The weight of the absolute values in the loss."""
    l2: NaturalFloat = 0.0
    """The weight of the squares in the loss."""


class OrthogonalRegularizer(Section):
    name: Literal["orthogonal_regularizer"]
    """A penalty on rows or columns that are not orthogonal to each other."""
    factor: PositiveFloat = 0.01
    """The weight of the penalty in the loss."""
    mode: Literal["rows", "columns"] = "rows"
    """Whether rows or columns should be orthogonal."""


Regularizer = Annotated[
    L1Regularizer | L2Regularizer | L1L2Regularizer | OrthogonalRegularizer,
    Field(discriminator="name"),
    BeforeValidator(named),
]
"""Regularisers of a weight matrix."""

VectorRegularizer = Annotated[
    L1Regularizer | L2Regularizer | L1L2Regularizer,
    Field(discriminator="name"),
    BeforeValidator(named),
]
"""Regularisers of a bias, a scale or a layer's output."""


class MaxNormConstraint(Section):
    name: Literal["max_norm"]
    """A norm of at most `max_value`."""
    max_value: PositiveFloat = 2.0
    """The greatest norm."""
    axis: Literal[0, 1] = 0
    """What the norm is over: 0, the weights into each unit; 1, those out of each input."""


class MinMaxNormConstraint(Section):
    name: Literal["min_max_norm"]
    """A norm between `min_value` and `max_value`."""
    min_value: NaturalFloat = 0.0
    """The least norm."""
    max_value: PositiveFloat = 1.0
    """The greatest norm."""
    rate: Annotated[float, Field(gt=0, le=1)] = 1.0
    """How far each step goes towards the bounds: 1 is all the way."""
    axis: Literal[0, 1] = 0
    """What the norm is over: 0, the weights into each unit; 1, those out of each input."""


class UnitNormConstraint(Section):
    name: Literal["unit_norm"]
    """A norm of 1."""
    axis: Literal[0, 1] = 0
    """What the norm is over: 0, the weights into each unit; 1, those out of each input."""


class NonNegConstraint(Section):
    name: Literal["non_neg"]
    """No weight below 0."""


Constraint = Annotated[
    MaxNormConstraint | MinMaxNormConstraint | UnitNormConstraint | NonNegConstraint,
    Field(discriminator="name"),
    BeforeValidator(named),
]
