"""A run's model as a folder that answers without rnnbuild, compared with Keras beforehand.

Where TensorFlow is not installed it is compared with rnnbuild's own forward pass instead, which the
tests compare with Keras (`models/numpy_pass`), and the folder says so.
"""

import json
import platform
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from textwrap import shorten
from typing import Any

import numpy as np

from rnnbuild.data.examples.batches import make_batch
from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.kind.codec import Codec, ContinuingCodec, ExampleCodec, WordCodec
from rnnbuild.data.kind.loaded import Loaded
from rnnbuild.errors import ArgumentError
from rnnbuild.export.agreement import Forward, Shape, agreement_of
from rnnbuild.export.card import card
from rnnbuild.export.formats.format import ExportFormat
from rnnbuild.export.new_folder import new_folder
from rnnbuild.export.program.intact import digests_of
from rnnbuild.export.program.opened import STREAM, Opened, open_model
from rnnbuild.export.recorded import INPUTS, recorded_check
from rnnbuild.export.sources import PACKAGE, copied_sources
from rnnbuild.inference.model_source import ModelFile
from rnnbuild.inference.stream.opening import NEEDS_END, fingerprint_of, not_step_by_step
from rnnbuild.inference.stream.table import step_reader_of
from rnnbuild.models.stored import UnknownLayer
from rnnbuild.runs.bundle_file import BUNDLE, BUNDLES, CODEC, Agreement, Bundle, ModelInput, Stream
from rnnbuild.runs.codec_file import read_codec_text
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.metrics_file import read_metrics
from rnnbuild.runs.record import json_text
from rnnbuild.tasks.table import TASKS

CARD, CHECK, PROGRAM, REQUIREMENTS = "README.md", "check.json", "run.py", "requirements.txt"


@dataclass(frozen=True, eq=False)
class Exported:
    """A run, and all that its export needs to know of it."""

    run: RunDirectory
    source: ModelFile
    codec: Codec
    loaded: Loaded
    reference: Forward
    """The model in what the exported one is compared with."""
    in_keras: bool = True
    """Whether that is Keras itself, or rnnbuild's own forward pass."""

    @property
    def split(self) -> SplitName:
        """The split whose rows are compared: the first with any of test, validation, train. No
        split of an adopted model has any: random rows remain."""
        splits: tuple[SplitName, ...] = ("test", "validation", "train")
        return next((name for name in splits if len(self.loaded.split(name))), "test")

    @property
    def longest(self) -> int:
        """Steps of the longest row of any split; without rows what the model is said to take."""
        splits = (self.loaded.train, self.loaded.validation, self.loaded.test)
        stated = 1 if any(map(len, splits)) else max(1, self.loaded.facts.longest)
        return max(stated, *(int(split.lengths.max(initial=1)) for split in splits))


def export_run(
    exported: Exported,
    format: ExportFormat,
    target: Path,
    length: int | None = None,
    stream: bool = False,
    advance: Callable[[int], None] = lambda rows: None,
) -> Bundle:
    """Write the folder `target`, whose description is returned.

    `length` is the number of steps of a model of fixed length, by default that of the longest row;
    `stream` asks for a model that takes a step at a time as well.
    `advance` is called with the number of rows that have been compared. Raises ArgumentError where
    the folder exists, RequestError for a layer that the format lacks, ExportError where the model
    does not answer as it should, RnnbuildError where it cannot be written; nothing is left then.
    """
    steps = fixed_length(exported, length) if format.fixed_length else None
    shape, codec = shape_of(exported, steps), read_codec_text(exported.run)
    with new_folder(target) as folder:
        model = folder / format.model
        format.write(exported.source, model, steps)
        opened = open_model(model, format.runtime, json.loads(codec), shape.per_step, steps)
        agreement = compared(exported, opened.model, shape, advance)
        streamed = None
        if stream:
            streamed = write_stream(exported, format, folder / STREAM, shape, advance)
        inputs = recorded_inputs(exported, opened)
        check = recorded_check(opened, exported.reference, inputs, agreement.allowed)
        for name, content in {CODEC: codec, CHECK: check}.items():
            (folder / name).write_text(content, encoding="utf-8", newline="")
        digests = digests_of(folder, sorted(folder.iterdir()))
        bundle = bundle_of(exported, format, shape, agreement, streamed, digests)
        contents = {
            BUNDLE: json_text(BUNDLES.document(bundle)),
            CARD: card_of(bundle, format, exported, inputs),
            REQUIREMENTS: requirements(format),
        }
        for name, content in contents.items():
            (folder / name).write_text(content, encoding="utf-8")
        write_program(folder, format, exported.codec, stream)
    return bundle


def fixed_length(exported: Exported, length: int | None) -> int:
    """Steps of a model's inputs, which have one length. Raises ArgumentError where it does not fit
    the run's rows."""
    if length is None:
        if not len(exported.loaded.split(exported.split)) and not exported.loaded.facts.longest:
            raise ArgumentError(
                "the model was adopted without data: nothing says how long its inputs are",
                "state their steps: --length 80",
            )
        return exported.longest
    words = exported.codec.model_sizes.ids is not None
    lengths = exported.loaded.split(exported.split).lengths
    shortest = int(lengths.min()) if len(lengths) else length
    if words and length < shortest:
        raise ArgumentError(
            f"--length {length} is too short: every {exported.split} row has {shortest:,} steps or "
            "more",
            f"the longest has {exported.longest:,}, which is what it is without --length",
        )
    if not words and length != exported.longest:
        raise ArgumentError(
            f"--length {length} does not fit: the model reads {exported.longest:,} steps",
            "leave it out",
        )
    return length


def compared(
    exported: Exported, forward: Forward, shape: Shape, advance: Callable[[int], None]
) -> Agreement:
    """The outputs of an exported model beside the expected ones. Raises ExportError."""
    split = exported.loaded.split(exported.split)
    return agreement_of(forward, exported.reference, exported.split, split, shape, advance)


def write_stream(
    exported: Exported,
    format: ExportFormat,
    path: Path,
    shape: Shape,
    advance: Callable[[int], None],
) -> Stream:
    """Write the model that takes a step at a time, and compare it.

    Raises RunError where an answer needs the whole sequence, ExportError.
    """
    from rnnbuild.export.program.stream import step_by_step

    if format.write_stream is None:
        raise ArgumentError(f"--stream is not for {format.title}: it carries no state")
    try:
        format.write_stream(exported.source, path)
    except UnknownLayer as error:
        raise not_step_by_step(exported.run, str(error)) from None
    if step_reader_of(exported.codec) is None:
        raise not_step_by_step(exported.run, NEEDS_END)
    agreement = compared(exported, step_by_step(path, shape.per_step), shape, advance)
    weights = fingerprint_of(exported.source.layers())
    return Stream(model=path.name, agreement=agreement, weights=weights)


def shape_of(exported: Exported, steps: int | None) -> Shape:
    """What the model takes and gives."""
    sizes, traits = exported.codec.model_sizes, TASKS[exported.codec.task]
    several = exported.loaded.facts.multi_label
    return Shape(
        ids=sizes.ids,
        columns=sizes.columns,
        longest=exported.longest,
        steps=steps,
        units=max(sizes.outputs),
        per_step=traits.answers_at == "input step",
        chooses=not several and not traits.squared_error,
        several=several,
    )


def bundle_of(
    exported: Exported,
    format: ExportFormat,
    shape: Shape,
    agreement: Agreement,
    stream: Stream | None,
    files: dict[str, str],
) -> Bundle:
    """The content of bundle.json."""
    rows = 1 if format.fixed_length else None
    columns = () if shape.columns is None else (shape.columns,)
    return Bundle(
        to=format.name,
        model=format.model,
        runtime=format.runtime,
        task=exported.codec.task,
        run=exported.run.path.resolve().name,
        input=ModelInput(
            type="float32" if shape.ids is None else "int32", shape=(rows, shape.steps, *columns)
        ),
        output_for_each_step=shape.per_step,
        agreement=agreement,
        stream=stream,
        files=files,
        versions={
            **{name: version(name) for name in compared_packages(exported)},
            **{package: version(package) for package in format.packages},
            "Python": platform.python_version(),
            platform.system(): platform.machine(),
        },
    )


def compared_packages(exported: Exported) -> tuple[str, ...]:
    """The packages that computed what the exported model is compared with."""
    return ("rnnbuild", *(("keras",) if exported.in_keras else ()), "numpy")


def write_program(folder: Path, format: ExportFormat, codec: Codec, stream: bool) -> None:
    """run.py, and what it imports in a package beside it."""
    modules = ["run", "__init__", codec.kind, format.runtime]
    if stream:
        modules += ["stream", "generate"] if TASKS[codec.task].goes_on_with_text else ["stream"]
    sources = copied_sources(*modules)
    (folder / PACKAGE).mkdir()
    for name, source in sources.items():
        place = folder if name == "run" else folder / PACKAGE
        (place / f"{name}.py").write_text(source, encoding="utf-8")


def requirements(format: ExportFormat) -> str:
    """The packages that run.py needs, for pip."""
    lines = [f"{package}>={version(package)}" for package in format.packages]
    return "\n".join(["numpy>=1.26", *lines, ""])


def recorded_inputs(exported: Exported, opened: Opened) -> list[Any]:
    """Inputs of the split, as run.py takes them; None is a series without input."""
    codec, split, steps = exported.codec, exported.split, opened.steps
    if isinstance(codec, ContinuingCodec):
        return [None]
    encoded = exported.loaded.split(split)
    if not len(encoded):
        return made_up_inputs(codec, exported.longest, steps)
    fits = np.flatnonzero(encoded.lengths <= (steps or encoded.lengths.max()))[:INPUTS]
    if codec.model_sizes.ids is None:
        rows: list[Any] = make_batch(encoded, fits).inputs.tolist()
        return [json.dumps(row) for row in rows]
    texts = [exported.loaded.row_text(split, row) for row in fits.tolist()]
    # Half of a character in bytes, where a row ends, is three bytes as text.
    return [text for text in texts if steps is None or len(opened.reader.rows(text)[0]) <= steps]


def made_up_inputs(codec: Codec, longest: int, steps: int | None) -> list[Any]:
    """Inputs for a model that came without data: words in the order of their ids, or numbers."""
    if isinstance(codec, ExampleCodec):
        return [] if codec.example is None else [json.dumps(codec.example)]
    if not isinstance(codec, WordCodec):
        return []
    words, between = codec.vocabulary.words, "" if codec.level == "character" else " "
    sizes = sorted({min(size, steps or longest) for size in (1, 3, longest)})
    return [between.join(words[:size]) for size in sizes if words]


def card_of(bundle: Bundle, format: ExportFormat, exported: Exported, inputs: list[Any]) -> str:
    """README.md, with the shortest of the recorded inputs as an example, or of running text, which
    goes on after any of it, the longest beginning of a line."""
    files = {
        CARD: "this card",
        format.model: "the model",
        **({STREAM: "the model that takes a step at a time"} if bundle.stream else {}),
        CODEC: "how input becomes numbers, and outputs become answers",
        PROGRAM: "the program that answers",
        PACKAGE: "what it consists of",
        REQUIREMENTS: "the packages that it needs",
        CHECK: "inputs of the run's data, with the outputs that `python run.py --check` expects",
        BUNDLE: "what this folder contains, for programs",
    }
    config = exported.run.config.read_text(encoding="utf-8")
    metrics = read_metrics(exported.run)
    example = example_of(min((given for given in inputs if given), key=len, default=None))
    if TASKS[exported.codec.task].goes_on_with_text:
        example = max(map(beginning_of, inputs), key=len, default=None)
    return card(bundle, format, exported.codec.kind, metrics, example, config, files)


LONGEST_EXAMPLE = 120
"""Characters of an input that is shown."""
LONGEST_BEGINNING = 30
"""Characters of a text's beginning that is shown."""


def beginning_of(text: str) -> str:
    """Whole words of the longest line, all of them printable; empty where there are none."""
    # The first and the last line may be parts of lines.
    lines = text.split("\n")
    line = max(lines[1:-1] or lines, key=len)
    words = shorten(line, LONGEST_BEGINNING, placeholder="") or line[:LONGEST_BEGINNING]
    return words if words.isprintable() else ""


def example_of(given: Any) -> str | None:
    """An input as an argument; `...` in place of one that is long or has several lines."""
    if given is None:
        return None
    fits = len(given) <= LONGEST_EXAMPLE and given.isprintable()
    return given if fits else "..."
