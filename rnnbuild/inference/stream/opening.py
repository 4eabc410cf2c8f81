"""A run, opened to answer step by step."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from rnnbuild.errors import RunError
from rnnbuild.inference.saved_model import saved_model
from rnnbuild.inference.stream.one_way import one_way_command
from rnnbuild.inference.stream.steps import StepModel
from rnnbuild.inference.stream.stream import Stream
from rnnbuild.inference.stream.table import step_reader_of
from rnnbuild.models.graph.model import step_graph
from rnnbuild.models.stored import StoredLayer, UnknownLayer
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.directory import open_run as open_folder

NEEDS_END = "`data.subtract` takes a number from the end of each window"
"""Why a series is not answered step by step that has no reader for it."""


def open_stream(path: Path) -> tuple[Stream, str | None]:
    """The run in a folder, ready to answer step by step, and a note on its weights if it has not
    finished; TensorFlow is not loaded.

    Raises RunError if there is none, it is damaged or has no weights yet, or where its answers need
    the whole of a sequence.
    """
    run = open_folder(path)
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


def not_step_by_step(run: RunDirectory, reason: str) -> RunError:
    """The error for a model that needs the whole of a sequence."""
    command = one_way_command(run)
    return RunError(
        f"{run.path} cannot answer while its input is still coming: {reason}",
        f"train one that needs only what has come: {command}"
        if command
        else "`rnnbuild predict` answers once the input is complete",
    )
