"""A run, opened to answer step by step."""

import hashlib
from collections.abc import Sequence

from rnnbuild.errors import RunError
from rnnbuild.inference.saved_model import saved_model
from rnnbuild.inference.stream.one_way import helpful_settings, one_way_command
from rnnbuild.inference.stream.steps import StepModel
from rnnbuild.inference.stream.stream import Stream
from rnnbuild.inference.stream.table import step_reader_of
from rnnbuild.models.graph.model import step_graph
from rnnbuild.models.stored import StoredLayer, UnknownLayer
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.visible import command_text

NEEDS_END = "`data.subtract` takes a number from the end of each window"
"""Why a series is not answered step by step that has no reader for it."""


class NotStepByStepError(RunError):
    """Raised for a model that does not answer while its input is still coming.

    reason: why
    remedy: how to get one that does, if that is known; neither names a folder
    """

    def __init__(self, named: str, reason: str, remedy: str | None, hint: str) -> None:
        super().__init__(f"{named} cannot answer while its input is still coming: {reason}", hint)
        self.reason, self.remedy = reason, remedy


def open_stream(run: RunDirectory) -> tuple[Stream, str | None]:
    """A run, ready to answer step by step, and a note on its weights if it has not finished;
    TensorFlow is not loaded.

    Raises RunError if it is damaged or has no weights yet, NotStepByStepError where its answers
    need the whole of a sequence.
    """
    saved = saved_model(run)
    try:
        graph = step_graph(saved.layers)
    except UnknownLayer as error:
        raise not_step_by_step(run, str(error)) from None
    reader = step_reader_of(saved.codec)
    if reader is None:
        raise not_step_by_step(run, NEEDS_END)
    return Stream(StepModel(graph, reader.rows), reader, fingerprint_of(saved.layers)), saved.note


def fingerprint_of(layers: Sequence[StoredLayer]) -> str:
    """SHA-256 of all weights, with the names of their layers."""
    digest = hashlib.sha256()
    for layer in layers:
        for path, weight in sorted(layer.weights.items()):
            digest.update(f"{layer.name}/{path}".encode())
            digest.update(weight.tobytes())
    return digest.hexdigest()


def not_step_by_step(run: RunDirectory, reason: str) -> NotStepByStepError:
    """The error for a model that needs the whole of a sequence."""
    named, settings = str(run.path), helpful_settings(run)
    if not settings:
        hint = "`rnnbuild predict` answers once the input is complete"
        return NotStepByStepError(named, reason, None, hint)
    train, anew = "train one that needs only what has come: ", one_way_command(run, settings)
    remedy = command_text("train", "CONFIG", *(f"--set {text}" for text in settings))
    return NotStepByStepError(named, reason, train + remedy, train + anew)
