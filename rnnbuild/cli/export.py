"""`rnnbuild export`."""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from rnnbuild.cli.options import DataDirOption, Format, FormatOption, examples

if TYPE_CHECKING:
    from rnnbuild.export.agreement import Forward
    from rnnbuild.inference.model_source import ModelFile
    from rnnbuild.runs.bundle_file import Bundle

app = typer.Typer()


@app.command(
    epilog=examples(
        "rnnbuild export runs/latest --to onnx",
        "rnnbuild export runs/latest --to litert --length 40 --output phone",
    )
)
def export(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run's folder, e.g. runs/latest.")],
    to: Annotated[
        Literal["onnx", "saved-model", "litert", "keras"], typer.Option(help="The format.")
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", metavar="FOLDER", help="The new folder; exports/RUN-FORMAT by default."
        ),
    ] = None,
    length: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="STEPS",
            help="Length of inputs for litert; by default that of the run's longest row.",
        ),
    ] = None,
    stream: Annotated[
        bool,
        typer.Option("--stream", help="For onnx: also a model for input that is still coming."),
    ] = False,
    data_dir: DataDirOption = None,
    form: FormatOption = Format.table,
) -> None:
    """Write a trained model in another format, with a program that answers without rnnbuild."""
    from rnnbuild.cli.output.progress import progress
    from rnnbuild.data.codec_of_run import codec_of_run
    from rnnbuild.data.kind.codec import ContinuingCodec
    from rnnbuild.errors import ArgumentError
    from rnnbuild.export.finished import finished_model
    from rnnbuild.export.formats.table import FORMATS
    from rnnbuild.export.new_folder import refuse_existing
    from rnnbuild.inference.run_data import data_of_run
    from rnnbuild.inference.sizes import refuse_other_sizes
    from rnnbuild.runs.config_file import config_of_run
    from rnnbuild.runs.directory import open_run

    format = FORMATS[to]
    if length is not None and not format.fixed_length:
        raise ArgumentError(
            f"--length is for litert: {format.title} takes inputs of any length", "leave it out"
        )
    if stream and format.write_stream is None:
        raise ArgumentError("--stream is for onnx: other formats carry no state", "leave it out")
    trained = open_run(run)
    source = finished_model(trained)
    target = output or Path("exports") / f"{run.resolve().name}-{to}"
    refuse_existing(target)
    format.refuse_missing_packages(f"`--to {format.name}`")
    codec = codec_of_run(trained)
    refuse_other_sizes(trained, codec, config_of_run(trained), source.path, source.layers())
    data = data_of_run(trained, data_dir=data_dir)

    in_keras = format.needs_framework or find_spec("tensorflow") is not None
    reference = forward_in_keras(source) if in_keras else own_forward(source)
    from rnnbuild.export.bundle import Exported, export_run

    exported = Exported(trained, source, codec, data, reference, in_keras)
    with progress(None, "comparing the outputs") as advance:
        bundle = export_run(exported, format, target, length, stream, advance)
    print_export(target, bundle, isinstance(codec, ContinuingCodec), form)


def forward_in_keras(source: "ModelFile") -> "Forward":
    """The model's forward pass in Keras itself. Raises RequestError where it is missing."""
    import numpy as np

    from rnnbuild.models.loading import load_frameworks

    load_frameworks()
    from rnnbuild.models.forward import forward_of

    keras = forward_of(source.keras_model(), fused=False)
    return lambda inputs: np.asarray(keras(inputs))


def own_forward(source: "ModelFile") -> "Forward":
    """The model's forward pass by NumPy and the kernels, not by what is exported.

    Raises RequestError for a layer that only Keras computes.
    """
    from rnnbuild.dependencies import missing_package_error
    from rnnbuild.models.numpy_pass.forward import numpy_pass
    from rnnbuild.models.stored import UnknownLayer

    try:
        return numpy_pass(source.layers())
    except UnknownLayer:
        raise missing_package_error("TensorFlow") from None


def print_export(target: Path, bundle: "Bundle", goes_on: bool, form: Format) -> None:
    """Print what was written, what was compared, and how to go on: without input where the model
    `goes_on` from the end of its data."""
    from rnnbuild.cli.output.tables import print_json, print_table
    from rnnbuild.export.card import agreement_texts, stream_texts, writes_text
    from rnnbuild.export.formats.table import FORMATS
    from rnnbuild.tasks.table import TASKS
    from rnnbuild.typed_values import to_plain
    from rnnbuild.visible import shell_word
    from rnnbuild.wording.table import Column, Table

    if form is Format.json:
        print_json({"folder": str(target), **to_plain(bundle)})
        return
    program = shell_word(target / "run.py")
    runtime = ", ".join(f"{name} {bundle.versions[name]}" for name in FORMATS[bundle.to].packages)
    facts: list[tuple[str, Any]] = [
        ("folder", str(target)),
        ("model", bundle.model),
        (f"compared with {bundle.compared_with}", f"in {runtime}"),
        *agreement_texts(bundle.agreement),
        *stream_texts(bundle),
        ("check", f"python {program} --check"),
        ("answer", f"python {program}" + ("" if goes_on else ' "..."')),
    ]
    if bundle.stream is not None:
        facts.append(("answer each step", f"python {program} --stream"))
    if TASKS[bundle.task].goes_on_with_text:
        writes = f'python {program} --generate "..."'
        facts.append(("write text", writes if writes_text(bundle) else "needs --to onnx --stream"))
    columns = [Column("what", "exported"), Column("value", "", wrap="words")]
    rows = [{"what": what, "value": value} for what, value in facts]
    print_table(Table(columns, rows), form)
