"""bundle.json: what an exported model's folder contains."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from rnnbuild.runs.record import RecordFile
from rnnbuild.tasks.facts import Task
from rnnbuild.typed_values import Check, Count, Name, Positive, Sha256

BUNDLE = "bundle.json"
CODEC = "codec.json"


@dataclass(frozen=True, kw_only=True)
class ModelInput:
    """What the model takes: rows, steps and, for numbers, columns; None where any number goes."""

    type: Name
    shape: Annotated[
        tuple[Positive | None, ...],
        Check("two or three sizes", lambda sizes: len(sizes) in (2, 3)),
    ]


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """How far the exported model's outputs are from those that it was compared with."""

    rows: Count
    """Rows of the run's data."""
    split: Name
    """The split that they are of."""
    too_long: Count
    """Rows of it that are longer than a model of fixed length takes, and were not run."""
    random_batches: Count
    lengths: tuple[Positive, ...]
    """Steps of the random batches."""
    sizes: tuple[Positive, ...]
    """Their rows."""
    padded: bool
    scale: float
    """The largest output, without its sign."""
    difference: float
    """The largest difference of an output."""
    allowed: float
    decisions: Count
    """Choices of a label; all are equal whose two best differ by more than twice `allowed`."""
    close: Count
    """Those whose two best differ by less."""


@dataclass(frozen=True, kw_only=True)
class Stream:
    """The model that takes a step at a time."""

    model: Name
    agreement: Agreement
    """Of its outputs after the last step of each row, or after each step where each has one."""
    weights: Sha256 | None = None
    """SHA-256 of the run's weights, which a saved state belongs to; older exports lack it."""


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """The content of bundle.json."""

    to: Name
    """The format, as `--to` names it."""
    model: Name
    """The model's file or folder."""
    runtime: Name
    """The module in `program` that runs it."""
    task: Task
    run: Name
    """The name of the run's folder."""
    input: ModelInput
    output_for_each_step: bool
    """Whether there is an output for each step of the input."""
    agreement: Agreement
    stream: Stream | None = None
    files: dict[str, Sha256]
    """SHA-256 of what the answers depend on besides the program, by its place in the folder."""
    versions: dict[str, str]
    """Of rnnbuild, of Keras, and of what ran the model when it was compared. Without Keras it was
    compared with rnnbuild's own forward pass."""

    @property
    def compared_with(self) -> str:
        return "Keras" if "keras" in self.versions else "rnnbuild's own forward pass"


BUNDLES = RecordFile(Bundle, "export the run again")


def read_bundle(folder: Path) -> Bundle:
    """The description of an exported model. Raises RunError where it is missing or damaged."""
    return BUNDLES.read(folder / BUNDLE)
