"""Options that describe a model in place of a config, and the keys that they fill."""

from collections.abc import Mapping
from dataclasses import dataclass


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
    ),
    ModelOption(
        "embedding", "model.embedding.output_dim", "Numbers in the vector of each word.", "100"
    ),
    ModelOption(
        "classes",
        "model.head.units",
        "Number of classes; two of them share one unit.",
        "5",
        from_data=True,
    ),
    ModelOption(
        "input-length",
        "model.input_length",
        "Steps of an example, for multiply-adds and memory alone.",
    ),
)

EXAMPLE = " ".join(each.text(each.example) for each in MODEL_OPTIONS if each.example)
"""The options that a model has to have."""

Described = Mapping[str, str]
"""The options that are given, by name, each with its value as it is typed."""
