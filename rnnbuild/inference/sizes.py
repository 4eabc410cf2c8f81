"""Whether a run's model and codec belong together: their sizes agree.

Otherwise answers would be wrong without a word, or the outputs would have no names.
"""

from collections.abc import Sequence
from pathlib import Path

from rnnbuild.config.schema import Config
from rnnbuild.data.kind.codec import Codec, ModelSizes
from rnnbuild.errors import RunError
from rnnbuild.models.stored import StoredLayer
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.record import REMEDY


def refuse_other_sizes(
    run: RunDirectory, codec: Codec, config: Config, file: Path, layers: Sequence[StoredLayer]
) -> None:
    """Raises RunError unless the codec's sizes are those of the layers in a model's `file`."""
    model, expected = sizes_of_model(layers), codec.model_sizes
    embedding = config.model.embedding
    # A config may state more ids than its data has.
    has_more = embedding is not None and embedding.input_dim is not None
    ids = (model.ids or 0) < (expected.ids or 0) if has_more else model.ids != expected.ids
    outputs = not set(model.outputs) <= set(expected.outputs)
    differences = [
        f"{of_codec} {what}, not {of_model}"
        for what, differs, of_codec, of_model in (
            ("words", ids, expected.ids, model.ids),
            ("columns", model.columns != expected.columns, expected.columns, model.columns),
            ("outputs", outputs, count_of(expected), count_of(model)),
        )
        if differs
    ]
    if differences:
        raise RunError(
            f"{run.codec} does not belong to {file.name}: it has {', '.join(differences)}",
            REMEDY,
        )


def count_of(sizes: ModelSizes) -> int:
    """How many outputs to write of; the most, where there may be fewer."""
    return max(sizes.outputs, default=0)


def sizes_of_model(layers: Sequence[StoredLayer]) -> ModelSizes:
    """The sizes of a model, whose input is its first layer."""
    configs = [layer.config for layer in layers]
    shape: list[int | None] = next(
        (config["batch_shape"] for config in configs if "batch_shape" in config), []
    )
    return ModelSizes(
        ids=next((config["input_dim"] for config in configs if "input_dim" in config), None),
        columns=shape[2] if len(shape) == 3 else None,
        outputs=tuple(config["units"] for config in configs if "units" in config)[-1:],
    )
