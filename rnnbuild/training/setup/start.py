"""A run that training starts from: its weights, as far as layers are alike."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.config.schema import Config
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.data.codec_of_run import run_started_from
from rnnbuild.data.kind.codec import Codec, WordCodec
from rnnbuild.data.text.vectors import Vectors
from rnnbuild.data.text.vocabulary import FIRST_WORD
from rnnbuild.errors import Problem, RunError
from rnnbuild.inference.model_source import CheckpointedModel, layers_with
from rnnbuild.inference.saved_model import SavedModel, saved_model
from rnnbuild.inference.unfinished import evaluation_of
from rnnbuild.models.stored import StoredLayer
from rnnbuild.runs.checkpoint_files import checkpoint_paths
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.metrics_file import Kept, read_metrics
from rnnbuild.runs.record import is_there
from rnnbuild.runs.start_file import StartRecord
from rnnbuild.training.setup.pretrained import model_with_vectors
from rnnbuild.training.setup.taken_over import NamedModel, take_over

FRESH_OPTIMIZER = "the optimizer and its schedule begin anew"


@dataclass(frozen=True, eq=False)
class Start:
    """The weights that a run has, on their way into another model."""

    source: NamedModel
    codec: Codec
    own_rows: NDArray[np.bool_] | None
    """Rows of the embedding (ids,) that pretrained vectors are for."""
    record: StartRecord

    def with_warnings(self, warnings: tuple[str, ...]) -> "Start":
        """The same with sentences on why scores may be too high."""
        return replace(self, record=replace(self.record, warnings=warnings))

    def weights_from(self, resolved: ResolvedConfig, fresh: Any) -> list[NDArray[Any]]:
        """The weights of a model, from its `fresh` ones: what is not taken over stays."""
        layers = layers_with(resolved, fresh)
        weights, _ = take_over(self.source, named(layers, self.codec), self.own_rows)
        return weights


def start_from(
    run: RunDirectory, resolved: ResolvedConfig, codec: Codec, vectors: Vectors | None = None
) -> Start:
    """What a model starts from whose input and answers are those of `codec`, which has grown from
    the run's. TensorFlow is not loaded.

    Raises RunError where the run is damaged, has no weights yet, or none of its layers fits.
    """
    saved = saved_model(run)
    source = named(saved.layers, saved.codec)
    own_rows = None
    if vectors is not None:
        own_rows = np.zeros(len(codec.model_names.inputs), bool)
        own_rows[np.flatnonzero(vectors.found) + FIRST_WORD] = True
    _, layers = take_over(source, named(layers_with(resolved), codec), own_rows)
    if not any(layer.taken for layer in layers):
        reasons = "; ".join(f"{layer.layer}: {layer.reason}" for layer in layers)
        raise RunError(
            Problem(
                f"no layer can start from {run.path}: {reasons}",
                resolved.config.place("training", "from_run"),
                "take cells and units of that run, or train from the beginning",
            )
        )
    record = StartRecord(
        run=str(run.path.resolve()),
        task=saved.codec.task,
        kept=kept_weights(run, saved),
        finished=saved.note is None,
        layers=tuple(layers),
        notes=tuple(notes_on(saved, codec)),
    )
    return Start(source, codec, own_rows, record)


def files_started_from(config: Config, folder: Path, begun: RunDirectory) -> list[Path]:
    """The files of the run that `training.from_run` names, relative to `folder`, that are read when
    a run begins; none once it has `begun`. Raises RunError where there is no such run."""
    source = None if checkpoint_paths(begun) else run_started_from(config, folder)
    if source is None:
        return []
    files = [source.config, source.resolved, source.facts, source.codec, source.history]
    files += [source.data, source.start]
    finished = is_there(source.metrics)
    files += [source.metrics, source.model] if finished else checkpoint_paths(source)
    return [path for path in files if path.is_file()]


def kept_weights(run: RunDirectory, saved: SavedModel) -> Kept | None:
    """The evaluation whose weights a run has; None where there was none. Raises RunError."""
    if isinstance(saved.source, CheckpointedModel):
        return evaluation_of(run, saved.config, saved.source.content)
    metrics = read_metrics(run)
    return metrics.kept if metrics is not None else None


def named(layers: Sequence[StoredLayer], codec: Codec) -> NamedModel:
    token = codec.level if isinstance(codec, WordCodec) else "number"
    return NamedModel(layers, codec.model_names, token)


def notes_on(saved: SavedModel, codec: Codec) -> list[str]:
    """What is not as in the run, in sentences."""
    notes = [saved.note] if saved.note else []
    if saved.codec.model_names.by_place != codec.model_names.by_place:
        notes.append("columns and outputs are matched by their places, since one side has no names")
    before, here = getattr(saved.codec, "transforms", None), getattr(codec, "transforms", None)
    if before is not None and here is not None:
        notes.append("numbers are scaled by the training split of this data, not as in the run")
        if before.names != here.names:
            names = (", ".join(each.names) or "no transform" for each in (here, before))
            notes.append("they are learned after {}, in the run after {}".format(*names))
    return [*notes, FRESH_OPTIMIZER]


def initial_model(
    resolved: ResolvedConfig, vectors: Vectors | None = None, start: Start | None = None
) -> Any:
    """The `keras.Sequential` of a config, with the weights that its training starts from.

    Loads TensorFlow.
    """
    model = model_with_vectors(resolved, vectors)
    if start is not None:
        model.set_weights(start.weights_from(resolved, model.get_weights()))
    return model
