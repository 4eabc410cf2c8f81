"""Whether a run's model and codec belong together: their sizes agree.

Otherwise answers would be wrong without a word, or the outputs would have no names.
"""

import json
import zipfile
from pathlib import Path

from rnnbuild.config.schema import Config
from rnnbuild.data.kind.codec import Codec, ModelSizes
from rnnbuild.errors import RunError
from rnnbuild.inference.archive.members import CONFIG
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.record import REMEDY


def refuse_other_sizes(run: RunDirectory, codec: Codec, config: Config) -> None:
    """Raises RunError unless the codec's sizes are those of the model, which can be read."""
    model, expected = sizes_of_model(run.model), codec.model_sizes
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
            f"{run.codec} does not belong to {run.model.name}: it has {', '.join(differences)}",
            REMEDY,
        )


def count_of(sizes: ModelSizes) -> int:
    """How many outputs to write of; the most, where there may be fewer."""
    return max(sizes.outputs, default=0)


def sizes_of_model(path: Path) -> ModelSizes:
    """The sizes of the model in a `.keras` file that can be opened."""
    with zipfile.ZipFile(path) as archive:
        layers = json.loads(archive.read(CONFIG))["config"]["layers"]
    configs = [layer["config"] for layer in layers]
    shape: list[int | None] = next(
        (config["batch_shape"] for config in configs if "batch_shape" in config), []
    )
    return ModelSizes(
        ids=next((config["input_dim"] for config in configs if "input_dim" in config), None),
        columns=shape[2] if len(shape) == 3 else None,
        outputs=tuple(config["units"] for config in configs if "units" in config)[-1:],
    )
