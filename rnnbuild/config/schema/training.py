"""`training`: how long, in what steps, with which optimizer."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from rnnbuild.config.schema.base import (
    NaturalFloat,
    NaturalInt,
    PositiveFloat,
    PositiveInt,
    Section,
    Seed,
    Share,
)
from rnnbuild.config.schema.choices import named

Beta = Annotated[float, Field(ge=0, lt=1)]


class SGDConfig(Section):
    name: Literal["sgd"]
    """Plain gradient descent, with momentum where it is given."""
    learning_rate: PositiveFloat = 0.01
    """How far a step goes."""
    momentum: Beta = 0.0
    """The share of the previous step that carries over into the next."""
    nesterov: bool = False
    """Whether the gradient is taken where momentum leads (Nesterov)."""


class RMSpropConfig(Section):
    name: Literal["rmsprop"]
    """Steps scaled by a running mean of squared gradients."""
    learning_rate: PositiveFloat = 1e-3
    """How far a step goes."""
    rho: Beta = 0.9
    """How slowly the running mean of squared gradients forgets."""
    momentum: Beta = 0.0
    """The share of the previous step that carries over into the next."""
    epsilon: PositiveFloat = 1e-7
    """Added to the divisor, so that it is never 0."""
    centered: bool = False
    """Whether gradients are scaled by their variance instead of their mean square."""


class AdamConfig(Section):
    name: Literal["adam"] = "adam"
    """Steps from running means of gradients and of their squares."""
    learning_rate: PositiveFloat = 1e-3
    """How far a step goes."""
    beta_1: Beta = 0.9
    """How slowly the running mean of gradients forgets."""
    beta_2: Beta = 0.999
    """How slowly the running mean of their squares forgets."""
    epsilon: PositiveFloat = 1e-7
    """Added to the divisor, so that it is never 0."""
    amsgrad: bool = False
    """Whether the greatest mean square so far scales the steps (Reddi et al. 2018)."""


class AdamWConfig(Section):
    name: Literal["adamw"]
    """Adam with weight decay apart from the gradient."""
    learning_rate: PositiveFloat = 1e-3
    """How far a step goes."""
    weight_decay: NaturalFloat = 0.004
    """Share of each weight, times the learning rate, taken off in each step."""
    beta_1: Beta = 0.9
    """How slowly the running mean of gradients forgets."""
    beta_2: Beta = 0.999
    """How slowly the running mean of their squares forgets."""
    epsilon: PositiveFloat = 1e-7
    """Added to the divisor, so that it is never 0."""
    amsgrad: bool = False
    """Whether the greatest mean square so far scales the steps (Reddi et al. 2018)."""


class NadamConfig(Section):
    name: Literal["nadam"]
    """Adam with Nesterov momentum."""
    learning_rate: PositiveFloat = 1e-3
    """How far a step goes."""
    beta_1: Beta = 0.9
    """How slowly the running mean of gradients forgets."""
    beta_2: Beta = 0.999
    """How slowly the running mean of their squares forgets."""
    epsilon: PositiveFloat = 1e-7
    """Added to the divisor, so that it is never 0."""


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
    """A warm-up, and then the learning rate as it is."""
    warmup_steps: PositiveInt
    """The learning rate grows linearly from 0 over this many steps."""


class CosineSchedule(Section):
    """Keras' `CosineDecay`: half a wave down to `alpha` times the learning rate."""

    name: Literal["cosine"]
    """Half a cosine wave down."""
    decay_steps: PositiveInt | None = None
    """Steps from the end of the warm-up; without it, all that the run has left."""
    alpha: Share = 0.0
    """What is left of the learning rate at the end, as a share of it."""
    warmup_steps: NaturalInt = 0
    """The learning rate first grows linearly from 0 over this many steps."""


class StepSchedule(Section):
    """Keras' `ExponentialDecay` with `staircase`: times `decay_rate` every `decay_steps`."""

    name: Literal["step"]
    """Multiplied by a factor every given number of steps."""
    decay_steps: PositiveInt
    """Steps from one reduction to the next."""
    decay_rate: Annotated[float, Field(gt=0, lt=1)] = 0.5
    """What each reduction multiplies the learning rate by."""
    warmup_steps: NaturalInt = 0
    """The learning rate first grows linearly from 0 over this many steps."""


class PlateauSchedule(Section):
    """Keras' `ReduceLROnPlateau`: times `factor` after `patience` evaluations without gain."""

    name: Literal["plateau"]
    """Down by a factor when nothing is gained any more."""
    metric: str = "loss"
    """`loss`, or one of the task's scores, on the validation split."""
    factor: Annotated[float, Field(gt=0, lt=1)] = 0.1
    """What each reduction multiplies the learning rate by."""
    patience: PositiveInt = 10
    """So many evaluations without gain reduce the learning rate."""
    min_delta: NaturalFloat = 1e-4
    """What counts as gain must be more than this."""
    cooldown: NaturalInt = 0
    """Evaluations after a reduction that are not counted."""
    min_lr: NaturalFloat = 0.0
    """The learning rate is never reduced below this."""
    warmup_steps: NaturalInt = 0
    """The learning rate first grows linearly from 0 over this many steps."""


Schedule = Annotated[
    ConstantSchedule | CosineSchedule | StepSchedule | PlateauSchedule,
    Field(discriminator="name"),
    BeforeValidator(named),
]


class EarlyStoppingConfig(Section):
    metric: str | None = None
    """`loss`, or one of the task's scores, on the validation split; the main one by default."""
    patience: PositiveInt = 3
    """Number of evaluations without gain that ends the run."""
    min_delta: NaturalFloat = 0.0
    """What counts as gain must be more than this; at 0, an equal score with a lower loss counts."""


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
    """Passes over the training split."""
    steps: PositiveInt | None = None
    """Training ends after this many steps, unless the epochs end first."""
    batch_size: PositiveInt = 32
    """Examples a batch."""
    gradient_accumulation_steps: PositiveInt = 1
    """Batches whose gradients make up one step, as if they were one batch."""
    optimizer: Optimizer = AdamConfig.model_construct()
    """How weights follow from gradients; a bare name takes its defaults."""
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
    """Whether a lack of improvement ends training."""
    restore_best: bool = True
    """Whether the run ends with the weights of its best evaluation or with the last ones. The best
    has the best score that early stopping watches, else the main one; of equal scores, the lower
    validation loss decides."""
    from_run: str | None = None
    """The folder of a run whose weights training starts from, where layers are alike; its words and
    labels keep their ids. Relative paths start from the config's folder, as those of data do."""
    checkpoint_minutes: PositiveFloat = 5.0
    """The most that a power cut can cost; an evaluation writes a checkpoint too."""
    seed: Seed = 1
    """Decides the weights' start, the order of the examples and what dropout drops."""
    device: Literal["auto", "cpu", "gpu"] = "auto"
    """What computes: a GPU where there is one, by default."""
    speed: Literal["auto", "kernels", "keras", "xla", "tuned"] = "auto"
    """How steps are computed: recurrent layers in compiled `kernels`, as `keras` does, or compiled
    by `xla`. `auto` takes kernels on a processor and Keras on a GPU; `tuned` times all three first.
    They agree to rounding, but XLA draws other dropout masks from the same seed."""
