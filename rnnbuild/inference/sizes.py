"""Whether a run's model and codec belong together: their sizes agree.

Otherwise answers would be wrong without a word, or the outputs would have no names.
"""

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

from rnnbuild.config.schema import Config
from rnnbuild.data.kind.codec import Codec, WordCodec
from rnnbuild.data.labelled_text.codec import LabelledTextCodec
from rnnbuild.data.pairs.codec import PairsCodec
from rnnbuild.data.sequences.codec import SequencesCodec
from rnnbuild.data.series.codec import SeriesCodec
from rnnbuild.errors import RunError
from rnnbuild.inference.archive.members import CONFIG
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.record import REMEDY


@dataclass(frozen=True)
class Sizes:
    """Sizes at both ends of a model."""

    ids: int | None
    """Words or characters, padding and unknown included; None for numbers."""
    columns: int | None
    """Numbers in each step of the input; None for text."""
    outputs: int | None
    """Numbers that the last layer computes, for each step if it answers at each."""


def refuse_other_sizes(run: RunDirectory, codec: Codec, config: Config) -> None:
    """Raises RunError unless the codec's sizes are those of the model, which can be read."""
    model, expected = sizes_of_model(run.model), sizes_of_codec(codec)
    embedding = config.model.embedding
    # A config may state more ids than its data has.
    has_more = embedding is not None and embedding.input_dim is not None
    ids = (model.ids or 0) < (expected.ids or 0) if has_more else model.ids != expected.ids
    differences = [
        f"{of_codec} {what}, not {of_model}"
        for what, differs, of_codec, of_model in (
            ("words", ids, expected.ids, model.ids),
            ("columns", model.columns != expected.columns, expected.columns, model.columns),
            ("outputs", model.outputs not in outputs_for(codec), expected.outputs, model.outputs),
        )
        if differs
    ]
    if differences:
        raise RunError(
            f"{run.codec} does not belong to {run.model.name}: it has {', '.join(differences)}",
            REMEDY,
        )


def sizes_of_model(path: Path) -> Sizes:
    """The sizes of the model in a `.keras` file that can be opened."""
    with zipfile.ZipFile(path) as archive:
        layers = json.loads(archive.read(CONFIG))["config"]["layers"]
    configs = [layer["config"] for layer in layers]
    shape: list[int | None] = next(
        (config["batch_shape"] for config in configs if "batch_shape" in config), []
    )
    return Sizes(
        ids=next((config["input_dim"] for config in configs if "input_dim" in config), None),
        columns=shape[2] if len(shape) == 3 else None,
        outputs=next((config["units"] for config in configs[::-1] if "units" in config), None),
    )


def sizes_of_codec(codec: Codec) -> Sizes:
    """The sizes of the model that a codec was saved with."""
    ids = codec.vocabulary.size if isinstance(codec, WordCodec) else None
    match codec:
        case LabelledTextCodec():
            return Sizes(ids, None, len(codec.labels))
        case PairsCodec():
            return Sizes(ids, None, codec.target_size)
        case SequencesCodec():
            return Sizes(ids, codec.columns, codec.outputs)
        case SeriesCodec():
            return Sizes(ids, codec.shape.columns, codec.shape.outputs)
    raise TypeError(f"expected a known codec, got {type(codec).__name__}")


def outputs_for(codec: Codec) -> tuple[int | None, ...]:
    """The numbers of outputs that answer for a codec; one output chooses between two labels."""
    outputs = sizes_of_codec(codec).outputs
    if not isinstance(codec, LabelledTextCodec) or codec.multi_label:
        return (outputs,)
    return {1: (), 2: (1, 2)}.get(len(codec.labels), (outputs,))
