"""Options that describe a model in place of a config, and the keys that they fill."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class ModelOption:
    """An option and the key that it fills."""

    name: str
    key: str
    """As `--set` calls it."""
    help: str
    example: str | None = None
    """A value, where a model has to have one."""
    from_data: bool = False
    """Whether data says it too."""
    reads: Literal["text", "numbers"] | None = None
    """What the models read that it is for; None for any."""
    is_flag: bool = False

    def text(self, value: str) -> str:
        """The option as it is typed."""
        return f"--{self.name}" if self.is_flag else f"--{self.name} {value}"


MODEL_OPTIONS = (
    ModelOption("cell", "cell", "Describe a model instead: simple_rnn, gru or lstm.", "lstm"),
    ModelOption("units", "units", "Units of each recurrent layer.", "128"),
    ModelOption("depth", "depth", "Number of recurrent layers; 1 if not given."),
    ModelOption("bidirectional", "bidirectional", "Recurrent layers read both ways.", is_flag=True),
    ModelOption(
        "vocabulary",
        "model.embedding.input_dim",
        "Number of words, padding and unknown among them.",
        "20000",
        from_data=True,
        reads="text",
    ),
    ModelOption(
        "embedding",
        "model.embedding.output_dim",
        "Numbers in the vector of each word.",
        "100",
        reads="text",
    ),
    ModelOption(
        "classes",
        "model.head.units",
        "Number of classes; two of them share one unit.",
        "5",
        from_data=True,
        reads="text",
    ),
    ModelOption(
        "features",
        "model.input_columns",
        "Numbers per step, of a model that forecasts.",
        "3",
        from_data=True,
        reads="numbers",
    ),
    ModelOption(
        "horizon",
        "model.head.units",
        "Numbers that are forecast: steps ahead, times columns.",
        "1",
        from_data=True,
        reads="numbers",
    ),
    ModelOption(
        "input-length",
        "model.input_length",
        "Steps of an example, for multiply-adds and memory alone.",
    ),
)

Described = Mapping[str, str]
"""The options that are given, by name, each with its value as it is typed."""


def needed(reads: Literal["text", "numbers"]) -> list[ModelOption]:
    """The options that a model has to have that reads text, or numbers."""
    return [each for each in MODEL_OPTIONS if each.example and each.reads in (None, reads)]


EXAMPLE = " ".join(each.text(each.example or "") for each in needed("text"))
"""Options that describe a model."""
