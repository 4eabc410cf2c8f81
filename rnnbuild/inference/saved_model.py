"""A run's model as its files have it: the weights it has now, its config, its codec."""

from dataclasses import dataclass

from rnnbuild.config.resolve import resolve
from rnnbuild.config.schema import Config
from rnnbuild.data.codec_of_run import codec_of_run
from rnnbuild.data.kind.codec import Codec
from rnnbuild.errors import RunError
from rnnbuild.inference.model_source import CheckpointedModel, ModelFile, ModelSource
from rnnbuild.inference.sizes import refuse_other_sizes
from rnnbuild.inference.unfinished import (
    checkpoint_so_far,
    no_checkpoint_error,
    note_on_weights,
)
from rnnbuild.models.stored import StoredLayer
from rnnbuild.runs.config_file import config_of_run
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.facts_file import read_facts
from rnnbuild.runs.record import is_there


@dataclass(frozen=True, eq=False)
class SavedModel:
    """A run's model, read from its files.

    note: which weights these are, in a sentence, where the run has not finished
    """

    config: Config
    codec: Codec
    source: ModelSource
    layers: list[StoredLayer]
    note: str | None


def saved_model(run: RunDirectory) -> SavedModel:
    """What a run's files say of its model now. Raises RunError if they are damaged,
    do not belong together, or have no weights yet."""
    config = config_of_run(run)
    source, note = model_of(run, config)
    layers, codec = source.layers(), codec_of_run(run)
    refuse_other_sizes(run, codec, config, source.path, layers)
    return SavedModel(config, codec, source, layers, note)


def model_of(run: RunDirectory, config: Config) -> tuple[ModelSource, str | None]:
    """The model that a run has now, and a note on its weights if the run has not finished.

    Raises RunError if there is none.
    """
    if is_there(run.metrics):
        if not is_there(run.model):
            again = f"or delete {run.metrics.name}, and `rnnbuild resume` writes both again"
            raise RunError(f"{run.model} is missing", f"restore it from a copy, {again}")
        return ModelFile(run.model), None
    content = checkpoint_so_far(run, config.training.restore_best)
    if content is None and is_there(run.model):
        return ModelFile(run.model), None
    if content is None:
        raise no_checkpoint_error(run)
    resolved = resolve(config, read_facts(run))
    return CheckpointedModel(content, resolved), note_on_weights(run, config, content)
