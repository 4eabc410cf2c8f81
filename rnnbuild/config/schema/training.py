"""`training`: how long, in what steps, with which optimizer."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from rnnbuild.config.schema.base import (
    NaturalFloat,
    NaturalInt,
    PositiveFloat,
    PositiveInt,
    Section,
)
from rnnbuild.config.schema.choices import named

Beta = Annotated[float, Field(ge=0, lt=1)]


class SGDConfig(Section):
    name: Literal["sgd"]
    learning_rate: PositiveFloat = 0.01
    momentum: Beta = 0.0
    nesterov: bool = False


class RMSpropConfig(Section):
    name: Literal["rmsprop"]
    learning_rate: PositiveFloat = 1e-3
    rho: Beta = 0.9
    momentum: Beta = 0.0
    epsilon: PositiveFloat = 1e-7
    centered: bool = False


class AdamConfig(Section):
    name: Literal["adam"] = "adam"
    learning_rate: PositiveFloat = 1e-3
    beta_1: Beta = 0.9
    beta_2: Beta = 0.999
    epsilon: PositiveFloat = 1e-7
    amsgrad: bool = False


class AdamWConfig(Section):
    name: Literal["adamw"]
    learning_rate: PositiveFloat = 1e-3
    weight_decay: NaturalFloat = 0.004
    beta_1: Beta = 0.9
    beta_2: Beta = 0.999
    epsilon: PositiveFloat = 1e-7
    amsgrad: bool = False


class NadamConfig(Section):
    name: Literal["nadam"]
    learning_rate: PositiveFloat = 1e-3
    beta_1: Beta = 0.9
    beta_2: Beta = 0.999
    epsilon: PositiveFloat = 1e-7


def optimizer_named(value: Any) -> Any:
    """A bare name as the mapping it is short for; Adam where a mapping names none."""
    return {"name": "adam", **value} if isinstance(value, dict) else named(value)


Optimizer = Annotated[
    SGDConfig | RMSpropConfig | AdamConfig | AdamWConfig | NadamConfig,
    Field(discriminator="name"),
    BeforeValidator(optimizer_named),
]


class TrainingConfig(Section):
    epochs: PositiveInt = 5
    batch_size: PositiveInt = 32
    optimizer: Optimizer = AdamConfig.model_construct()
    clip_norm: PositiveFloat | None = None
    """The gradient's norm over all weights is scaled down to this much."""
    seed: NaturalInt = 1
    """Decides the weights' start, the order of the examples and what dropout drops."""
    device: Literal["auto", "cpu", "gpu"] = "auto"
