"""Whatever answers, by its folder: a run, or what was exported from one."""

from collections.abc import Callable
from hashlib import sha256
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Any

from rnnbuild.data.codec_of_run import codec_of_run
from rnnbuild.errors import DataError, RunError
from rnnbuild.export.formats.format import ExportFormat
from rnnbuild.export.formats.table import FORMATS
from rnnbuild.export.program.intact import changed_file
from rnnbuild.inference.archive.layers import inspect
from rnnbuild.inference.archive.members import readable
from rnnbuild.inference.generation.opening import open_writer as open_run_writer
from rnnbuild.inference.generation.opening import writing_codec
from rnnbuild.inference.generation.writer import TextWriter
from rnnbuild.inference.opening import open_trained_run
from rnnbuild.inference.outputs import Forward
from rnnbuild.inference.stream.opening import NotStepByStepError
from rnnbuild.inference.stream.opening import open_stream as open_run_stream
from rnnbuild.inference.stream.steps import StepModel
from rnnbuild.inference.stream.stream import Stream
from rnnbuild.inference.stream.table import step_reader_of
from rnnbuild.inference.trained_run import TrainedRun
from rnnbuild.runs.bundle_file import BUNDLE, BUNDLES, CODEC, Bundle, read_bundle
from rnnbuild.runs.bundle_file import Stream as BundledStream
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.directory import open_run as open_directory

EXPORT_AGAIN = "export the run again: rnnbuild export RUN --to onnx --stream"
PROGRAM = "rnnbuild.export.program"
"""Has a module for each runtime."""


def open_run(path: str | Path, before_keras: Callable[[], None] = lambda: None) -> TrainedRun:
    """The run in a folder, or the model that was exported to it.

    `before_keras` is called before TensorFlow is imported. Raises RunError if there is none, or it
    is damaged, or has no weights yet; MissingExtraError where what runs an exported model is not
    installed.
    """
    folder = Path(path)
    if (folder / BUNDLE).is_file():
        return open_bundle(folder, before_keras)
    return open_trained_run(open_directory(folder), before_keras)


def refuse_no_run(path: str | Path) -> None:
    """Raises RunError where there is neither a run nor an exported model, before one is loaded."""
    if not (Path(path) / BUNDLE).is_file():
        open_directory(Path(path))


def open_bundle(folder: Path, before_keras: Callable[[], None] = lambda: None) -> TrainedRun:
    """An exported model, ready to answer; parameters and errors are those of `open_run`."""
    bundle = read_bundle(folder)
    format = FORMATS.get(bundle.to)
    if format is None:
        raise RunError(f"{folder / BUNDLE} names an unknown format, `{bundle.to}`", BUNDLES.remedy)
    format.refuse_missing_packages(str(folder))
    refuse_changed(folder, bundle, format.model)
    # Its codec.json is a run's.
    codec = codec_of_run(RunDirectory(folder))
    if "tensorflow" in format.packages:
        before_keras()
    return TrainedRun(
        codec,
        within_length(loaded(folder / format.model, format), bundle),
        open_writer=lambda: bundle_writer(folder),
    )


def open_writer(path: str | Path) -> tuple[TextWriter, str | None]:
    """The language model of a run, or of an export, ready to write; and a note on its weights if
    the run has not finished. TensorFlow is not loaded.

    Raises RunError where there is none, or it is damaged, or writes no text.
    """
    folder = Path(path)
    if (folder / BUNDLE).is_file():
        return bundle_writer(folder), None
    return open_run_writer(open_directory(folder))


def bundle_writer(folder: Path) -> TextWriter:
    """An exported language model, ready to write. Raises RunError as `open_writer`."""
    bundle = read_bundle(folder)
    codec = writing_codec(codec_of_run(RunDirectory(folder)), str(folder))
    if bundle.stream is None:
        raise RunError(
            f"{folder} was exported without `--stream`: text is written a step at a time",
            EXPORT_AGAIN,
        )
    return TextWriter(codec, StepModel(step_graph(folder, bundle, bundle.stream), rows=1))


def open_stream(path: str | Path) -> tuple[Stream, str | None]:
    """A run, or an export, ready to answer step by step; and a note on its weights if the run has
    not finished. TensorFlow is not loaded.

    Raises RunError where there is none, or it is damaged; NotStepByStepError, which is one, where
    its answers need the whole of a sequence, or it was exported without its steps.
    """
    folder = Path(path)
    if (folder / BUNDLE).is_file():
        return bundle_stream(folder), None
    return open_run_stream(open_directory(folder))


def bundle_stream(folder: Path) -> Stream:
    """An exported model, ready to answer step by step. Raises RunError as `open_stream`."""
    bundle = read_bundle(folder)
    codec = codec_of_run(RunDirectory(folder))
    reader = step_reader_of(codec)
    if bundle.stream is None or reader is None:
        without = "it was exported without `--stream`"
        raise NotStepByStepError(str(folder), without, EXPORT_AGAIN, EXPORT_AGAIN)
    graph = step_graph(folder, bundle, bundle.stream)
    weights = bundle.stream.weights or sha256(graph).hexdigest()
    return Stream(StepModel(graph, reader.rows), reader, weights)


def step_graph(folder: Path, bundle: Bundle, stream: BundledStream) -> bytes:
    """The file of the model that takes a step at a time. Raises RunError where it is not the one
    that was exported."""
    refuse_changed(folder, bundle, stream.model)
    path = folder / stream.model
    with readable(path):
        return path.read_bytes()


def refuse_changed(folder: Path, bundle: Bundle, model: str) -> None:
    """Raises RunError where a file that the answers depend on is not the one that was exported."""
    used = {
        name: digest
        for name, digest in bundle.files.items()
        if name == CODEC or PurePosixPath(name).parts[0] == model
    }
    try:
        problem = changed_file(folder, used)
    except OSError as error:
        problem = f"{error.filename} cannot be read: {error.strerror}"
    if problem is not None:
        raise RunError(problem, BUNDLES.remedy)


def loaded(path: Path, format: ExportFormat) -> Forward:
    """The model in its runtime. Raises RunError where it does not take the file."""
    with readable(path):
        if path.suffix == ".keras":
            inspect(path)  # as a run's own
        forward: Forward = import_module(f"{PROGRAM}.{format.runtime}").load(path)
    return forward


def within_length(forward: Forward, bundle: Bundle) -> Forward:
    """The model, which may have a fixed number of steps: outputs are for those of the inputs.

    Raises DataError for an input with more.
    """
    most = bundle.input.shape[1]
    if most is None:
        return forward

    def fitted(inputs: Any) -> Any:
        steps = inputs.shape[1]
        if steps > most:
            raise DataError(
                f"an input has {steps:,} steps, and the exported model takes {most:,} at most",
                f"export the run again with `--length {steps}`",
            )
        outputs = forward(inputs)
        return outputs[:, :steps] if bundle.output_for_each_step else outputs

    return fitted
