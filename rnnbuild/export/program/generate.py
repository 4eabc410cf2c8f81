"""Text that the model in a folder writes."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from rnnbuild.export.program.onnx_runtime import StepModel
from rnnbuild.export.program.reader import Array, refuse_undecoded
from rnnbuild.inference.generation.settings import TextSettings, text_settings
from rnnbuild.inference.generation.writer import TextWriter


class OneText(NamedTuple):
    """A model of steps for one row, as `TextWriter` takes it."""

    initial: list[Array]
    outputs: Any


def written(
    reader: Any, path: Path, prompt: str, given: Mapping[str, Any]
) -> tuple[Iterator[str], TextSettings]:
    """The text piece by piece, by the settings that are `given`, which are returned complete.

    `path` is that of the model which takes a step at a time. Raises InputError for a prompt, a stop
    text or a setting that the model cannot use.
    """
    for text in (prompt, *given["stop"]):
        refuse_undecoded(text)
    settings = text_settings(**given)
    model = StepModel(path)
    one: Any = OneText(model.initial(1), model.outputs)
    return TextWriter(reader, one).pieces(prompt, settings), settings
