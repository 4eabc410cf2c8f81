"""`training`: how long, in what steps, with which optimizer."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from rnnbuild.config.schema.base import (
    NaturalFloat,
    NaturalInt,
    PositiveFloat,
    PositiveInt,
    Section,
    Share,
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


class ConstantSchedule(Section):
    name: Literal["constant"]
    warmup_steps: PositiveInt
    """The learning rate grows evenly from 0 over so many steps."""


class CosineSchedule(Section):
    """Keras' `CosineDecay`: half a wave down to `alpha` times the learning rate."""

    name: Literal["cosine"]
    decay_steps: PositiveInt | None = None
    """Steps from the end of the warm-up; without it, all that the run has left."""
    alpha: Share = 0.0
    warmup_steps: NaturalInt = 0


class StepSchedule(Section):
    """Keras' `ExponentialDecay` with `staircase`: times `decay_rate` every `decay_steps`."""

    name: Literal["step"]
    decay_steps: PositiveInt
    decay_rate: Annotated[float, Field(gt=0, lt=1)] = 0.5
    warmup_steps: NaturalInt = 0


class PlateauSchedule(Section):
    """Keras' `ReduceLROnPlateau`: times `factor` after `patience` evaluations without gain."""

    name: Literal["plateau"]
    metric: str = "loss"
    """`loss`, or one of the task's scores, on the validation split."""
    factor: Annotated[float, Field(gt=0, lt=1)] = 0.1
    patience: PositiveInt = 10
    min_delta: NaturalFloat = 1e-4
    cooldown: NaturalInt = 0
    """Evaluations after a reduction that are not counted."""
    min_lr: NaturalFloat = 0.0
    warmup_steps: NaturalInt = 0


Schedule = Annotated[
    ConstantSchedule | CosineSchedule | StepSchedule | PlateauSchedule,
    Field(discriminator="name"),
    BeforeValidator(named),
]


class EarlyStoppingConfig(Section):
    metric: str | None = None
    """`loss`, or one of the task's scores, on the validation split; the main one by default."""
    patience: PositiveInt = 3
    """So many evaluations without gain end the run."""
    min_delta: NaturalFloat = 0.0
    """What counts as gain must be more than this."""
    restore_best: bool = True
    """Whether the run ends with the weights of its best evaluation or with the last ones."""


def label_names(value: Any) -> Any:
    """Labels written as numbers, `{0: 1.0, 1: 5.0}`, as the texts that labels are."""
    if not isinstance(value, dict):
        return value
    return {
        str(key) if isinstance(key, int) and not isinstance(key, bool) else key: weight
        for key, weight in value.items()
    }


def word_or_mapping(value: Any) -> str:
    return "mapping" if isinstance(value, dict) else "word"


ClassWeight = Annotated[
    Annotated[Literal["balanced"], Tag("word")]
    | Annotated[dict[str, NaturalFloat], Tag("mapping")],
    Discriminator(word_or_mapping),
    BeforeValidator(label_names),
]


class TrainingConfig(Section):
    epochs: PositiveInt = 5
    steps: PositiveInt | None = None
    """Training ends after so many, if the epochs have not ended it before."""
    batch_size: PositiveInt = 32
    gradient_accumulation_steps: PositiveInt = 1
    """Batches whose gradients make up one step, as if they were one batch."""
    optimizer: Optimizer = AdamConfig.model_construct()
    schedule: Schedule | None = None
    """How the learning rate changes; without one it stays."""
    clip_norm: PositiveFloat | None = None
    """The gradient's norm over all weights is scaled down to this much."""
    class_weight: ClassWeight | None = None
    """How much each label counts in the loss: a mapping, where others count 1, or `balanced`,
    where all labels together count the same."""
    evaluate_every: PositiveInt | None = None
    """Steps between evaluations on the validation split, besides those after each epoch."""
    early_stopping: EarlyStoppingConfig | None = None
    checkpoint_minutes: PositiveFloat = 5.0
    """The most that a power cut can cost; an evaluation writes a checkpoint too."""
    seed: NaturalInt = 1
    """Decides the weights' start, the order of the examples and what dropout drops."""
    device: Literal["auto", "cpu", "gpu"] = "auto"
    speed: Literal["auto", "kernels", "keras", "xla", "tuned"] = "auto"
    """How steps are computed: recurrent layers in compiled `kernels`, as `keras` does, or compiled
    by `xla`. `auto` takes kernels on a processor and Keras on a GPU; `tuned` times all three first.
    They agree to rounding, but XLA draws other dropout masks from the same seed."""
