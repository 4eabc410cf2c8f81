"""A run's model as a folder that answers without rnnbuild, compared with Keras beforehand."""

import json
import platform
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from rnnbuild.data.examples.batches import make_batch
from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.kind.codec import Codec, ContinuingCodec
from rnnbuild.data.kind.loaded import Loaded
from rnnbuild.export.agreement import Forward, Shape, agreement_with_keras
from rnnbuild.export.card import card
from rnnbuild.export.formats.format import ExportFormat
from rnnbuild.export.new_folder import new_folder
from rnnbuild.export.program.opened import open_model
from rnnbuild.export.recorded import INPUTS, recorded_check
from rnnbuild.export.sources import PACKAGE, copied_sources
from rnnbuild.inference.model_source import ModelFile
from rnnbuild.runs.bundle_file import BUNDLE, BUNDLES, CODEC, Agreement, Bundle, ModelInput
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
    keras: Forward
    """The model in Keras itself."""

    @property
    def split(self) -> SplitName:
        """The split whose rows are compared: the first with any of test, validation, train."""
        splits: tuple[SplitName, ...] = ("test", "validation", "train")
        return next(name for name in splits if len(self.loaded.split(name)))

    @property
    def longest(self) -> int:
        """Steps of the longest row of any split."""
        splits = (self.loaded.train, self.loaded.validation, self.loaded.test)
        return max(int(split.lengths.max(initial=1)) for split in splits)


def export_run(
    exported: Exported,
    format: ExportFormat,
    target: Path,
    length: int | None = None,
    advance: Callable[[int], None] = lambda rows: None,
) -> Bundle:
    """Write the folder `target`, whose description is returned.

    `length` is the number of steps of a model of fixed length, by default that of the longest row.
    `advance` is called with the number of rows that have been compared. Raises ArgumentError where
    the folder exists, RequestError for a layer that the format lacks, ExportError where the model
    does not answer as Keras does, RnnbuildError where it cannot be written; nothing is left then.
    """
    steps = (length or exported.longest) if format.fixed_length else None
    with new_folder(target) as folder:
        format.write(exported.source, folder / format.model, steps)
        write_program(folder, format, exported.codec.kind)
        codec = read_codec_text(exported.run)
        (folder / CODEC).write_text(codec, encoding="utf-8")
        shape = shape_of(exported, steps)
        opened = open_model(
            folder / format.model, format.runtime, json.loads(codec), shape.per_step, steps
        )
        agreement = agreement_with_keras(
            opened.model,
            exported.keras,
            exported.split,
            exported.loaded.split(exported.split),
            shape,
            advance,
        )
        bundle = bundle_of(exported, format, shape, agreement)
        document = json_text(BUNDLES.document(bundle))
        (folder / BUNDLE).write_text(document, encoding="utf-8")
        inputs = recorded_inputs(exported, steps)
        check = recorded_check(opened, exported.keras, inputs, agreement.allowed)
        (folder / CHECK).write_text(check, encoding="utf-8")
        write_card(folder, bundle, format, exported, inputs[0])
    return bundle


def shape_of(exported: Exported, steps: int | None) -> Shape:
    """What the model takes and gives."""
    sizes, traits = exported.codec.model_sizes, TASKS[exported.codec.task]
    several = exported.loaded.facts.multi_label
    return Shape(
        ids=sizes.ids,
        columns=sizes.columns,
        longest=exported.longest,
        steps=steps,
        per_step=traits.answers_at == "input step",
        chooses=not several and not traits.squared_error,
        several=several,
    )


def bundle_of(
    exported: Exported, format: ExportFormat, shape: Shape, agreement: Agreement
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
        versions={
            **{name: version(name) for name in ("rnnbuild", "keras", "numpy")},
            **{package: version(package) for package in format.packages},
            "Python": platform.python_version(),
            platform.system(): platform.machine(),
        },
    )


def write_program(folder: Path, format: ExportFormat, kind: str) -> None:
    """run.py, what it imports, and the packages that it needs."""
    sources = copied_sources("run", "__init__", kind, format.runtime)
    (folder / PACKAGE).mkdir()
    for name, source in sources.items():
        place = folder if name == "run" else folder / PACKAGE
        (place / f"{name}.py").write_text(source, encoding="utf-8")
    lines = [f"{package}>={version(package)}" for package in format.packages]
    requirements = "\n".join(["numpy>=1.26", *lines, ""])
    (folder / REQUIREMENTS).write_text(requirements, encoding="utf-8")


def recorded_inputs(exported: Exported, steps: int | None) -> list[Any]:
    """Inputs of the split, as run.py takes them; None is a series without input."""
    codec, split = exported.codec, exported.split
    if isinstance(codec, ContinuingCodec):
        return [None]
    encoded = exported.loaded.split(split)
    fits = np.flatnonzero(encoded.lengths <= (steps or encoded.lengths.max()))[:INPUTS]
    if codec.model_sizes.ids is None:
        rows: list[Any] = make_batch(encoded, fits).inputs.tolist()
        return [json.dumps(row) for row in rows]
    return [exported.loaded.row_text(split, row) for row in fits.tolist()]


def write_card(
    folder: Path, bundle: Bundle, format: ExportFormat, exported: Exported, first: Any
) -> None:
    """README.md."""
    files = {
        CARD: "this card",
        format.model + ("/" if (folder / format.model).is_dir() else ""): "the model",
        CODEC: "how input becomes numbers, and outputs become answers",
        PROGRAM: "the program that answers",
        PACKAGE + "/": "what it consists of",
        REQUIREMENTS: "the packages that it needs",
        CHECK: "inputs of the run's data, with Keras' outputs, for `python run.py --check`",
        BUNDLE: "what this folder contains, for programs",
    }
    text = card(
        bundle,
        format,
        exported.codec.kind,
        read_metrics(exported.run),
        example_of(first),
        exported.run.config.read_text(encoding="utf-8"),
        files,
    )
    (folder / CARD).write_text(text, encoding="utf-8")


LONGEST_EXAMPLE = 120
"""Characters of an input that is shown."""


def example_of(given: Any) -> str | None:
    """An input as an argument; `...` in place of one that is long or has several lines."""
    if given is None:
        return None
    fits = len(given) <= LONGEST_EXAMPLE and given.isprintable()
    return given if fits else "..."
