"""A run, opened to write text."""

from rnnbuild.data.kind.codec import Codec
from rnnbuild.data.running_text.codec import RunningTextCodec
from rnnbuild.errors import RunError
from rnnbuild.inference.generation.writer import TextWriter
from rnnbuild.inference.saved_model import SavedModel, saved_model
from rnnbuild.inference.stream.steps import StepModel
from rnnbuild.models.graph.model import step_graph
from rnnbuild.models.stored import UnknownLayer
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.tasks.table import TASKS


def open_writer(run: RunDirectory) -> tuple[TextWriter, str | None]:
    """The language model of a run, ready to write, and a note on its weights if it has not
    finished; TensorFlow is not loaded.

    Raises RunError if it is damaged or has no weights yet, if the run is of another task, and where
    Keras alone computes its layers.
    """
    saved = saved_model(run)
    codec = writing_codec(saved.codec, str(run.path))
    return TextWriter(codec, step_model(saved, str(run.path))), saved.note


def step_model(saved: SavedModel, named: str) -> StepModel:
    """The model step by step. Raises RunError where Keras alone computes it; `named` is the run."""
    try:
        return StepModel(step_graph(saved.layers), rows=1)
    except UnknownLayer as error:
        raise RunError(
            f"{named} cannot write text: {error}, which is not computed step by step",
            "train a model without that",
        ) from None


def writing_codec(codec: Codec, named: str) -> RunningTextCodec:
    """The codec of a language model. Raises RunError for that of another task."""
    if not isinstance(codec, RunningTextCodec):
        raise RunError(
            f"{named} writes no text: its model {TASKS[codec.task].does}",
            "`rnnbuild predict` answers with it; a model that writes is trained by "
            "`task: language-model`",
        )
    return codec
