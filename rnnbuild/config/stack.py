"""The resolved config: every size known, and the model as one flat stack of layers.

Analysis, builder and code writer all walk this stack, so they cannot disagree about it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from rnnbuild.config.border import ending_layer
from rnnbuild.config.schema import Config
from rnnbuild.config.schema.layers import (
    DenseLayer,
    DropoutLayer,
    OtherLayer,
    RecurrentArguments,
    RecurrentLayer,
)
from rnnbuild.config.schema.model import EmbeddingConfig, HeadConfig, ModelConfig
from rnnbuild.errors import ConfigError, Problem
from rnnbuild.tasks.facts import DataFacts, Task


@dataclass(frozen=True)
class MeanPooling:
    """The mean over the steps that are not padding: (steps, features) to (features)."""


@dataclass(frozen=True)
class MaxPooling:
    """The greatest value of each feature over the same steps."""


@dataclass(frozen=True)
class AttentionPooling:
    """The mean over the same steps, each weighted by its agreement with a learned vector."""


Pooling = MeanPooling | MaxPooling | AttentionPooling
POOLINGS: Mapping[str, Pooling] = {
    "mean": MeanPooling(),
    "max": MaxPooling(),
    "attention": AttentionPooling(),
}
"""The values of `model.pooling` that are a layer; `last` ends the sequence in a recurrent one."""


LayerSpec = EmbeddingConfig | RecurrentLayer | OtherLayer | Pooling


@dataclass(frozen=True)
class StackLayer:
    """One layer of the Sequential model."""

    name: str
    """The Keras layer's name."""
    spec: LayerSpec
    return_sequences: bool = False
    """For a recurrent layer: whether it answers at every step or once, at the end."""


@dataclass(frozen=True)
class ResolvedConfig:
    """A config in which every size is known; resolving `config` again gives the same."""

    config: Config
    """As written, with what followed from the data and the task filled in."""
    facts: DataFacts
    input_length: int | None
    """Steps of the longest example, for which costs are stated; None where neither data nor config
    says how many there are."""
    input_columns: int | None
    """Numbers per step; None where the input is ids for an embedding."""

    @property
    def task(self) -> Task:
        return self.facts.task

    @property
    def steps(self) -> int:
        """`input_length`, for what cannot do without. Raises ConfigError where it is unknown."""
        if self.input_length is None:
            raise ConfigError(
                Problem(
                    "`model.input_length` is missing: there is no data to measure",
                    self.config.place("model"),
                    "state the steps per example, `input_length: 50`, or name the data",
                )
            )
        return self.input_length

    @cached_property
    def stack(self) -> tuple[StackLayer, ...]:
        """The model's layers, first to last."""
        return tuple(stack_of(self.config.model))


def stack_of(model: ModelConfig) -> list[StackLayer]:
    """The layers of a model whose sizes are known, in order, named as a person would."""
    specs: list[tuple[str, LayerSpec, bool]] = []
    if model.embedding is not None:
        specs.append(("embedding", model.embedding, False))
        if model.embedding.dropout:
            rate = model.embedding.dropout
            specs.append(
                (
                    "embedding_dropout",
                    DropoutLayer.model_construct(kind="dropout", rate=rate),
                    False,
                )
            )
    ending = ending_layer(model.layers, ends_in_last=model.pooling == "last")
    for number, layer in enumerate(model.layers):
        if isinstance(layer, RecurrentArguments):
            base = f"bidirectional_{layer.cell}" if layer.bidirectional else layer.cell
            specs.append((base, layer, number != ending))
        else:
            specs.append((layer.kind, layer, False))
    pooling = POOLINGS.get(model.pooling or "last")
    if pooling is not None:
        specs.append((f"{model.pooling}_pooling", pooling, False))
    head = model.head
    specs += [("hidden", dense_layer(hidden), False) for hidden in head.hidden]
    specs.append(("head", dense_layer(head), False))
    return list(_numbered(specs))


def dense_layer(arguments: HeadConfig | object) -> DenseLayer:
    """A head or a hidden layer as the Dense layer it is."""
    values = {name: getattr(arguments, name) for name in DenseLayer.model_fields if name != "kind"}
    return DenseLayer.model_construct(kind="dense", **values)


def _numbered(specs: list[tuple[str, LayerSpec, bool]]) -> list[StackLayer]:
    """Names made unique: `lstm` where there is one, `lstm_1` and `lstm_2` where there are two."""
    total, seen = Counter(name for name, _, _ in specs), Counter[str]()
    layers = []
    for name, spec, return_sequences in specs:
        seen[name] += 1
        unique = f"{name}_{seen[name]}" if total[name] > 1 else name
        layers.append(StackLayer(unique, spec, return_sequences))
    return layers
