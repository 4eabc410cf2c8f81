"""What a format of exported models consists of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from rnnbuild.dependencies import why_not_importable
from rnnbuild.errors import MissingExtraError
from rnnbuild.inference.model_source import ModelFile

Write = Callable[[ModelFile, Path, int | None], None]
"""Writes a model to a path; the last argument is the number of steps of its
inputs, where these have one length. Raises RequestError for a layer that the format lacks, and
OSError."""


@dataclass(frozen=True)
class ExportFormat:
    """A format: how a model is written in it, and what runs it."""

    name: str
    """As `--to` takes it."""
    title: str
    model: str
    """The name of the file or folder."""
    runtime: str
    """The module in `program` that runs it."""
    packages: tuple[str, ...]
    """What run.py needs besides NumPy."""
    write: Write
    calling: str
    """How another program calls the model: a fenced block of Markdown."""
    extra: str | None = None
    """The extra of rnnbuild that installs what is needed to write the model and to run it; None if
    rnnbuild has it already."""
    modules: tuple[str, ...] = ()
    """The modules of the extra."""
    fixed_length: bool = False
    """Whether its inputs have one length, to which shorter ones are padded."""
    notes: tuple[str, ...] = field(default=())
    """What its users should know, in sentences."""
    needs_framework: bool = True
    """Whether TensorFlow writes the model, or runs it."""
    write_stream: Callable[[ModelFile, Path], None] | None = None
    """Writes the model that takes a step at a time, where the format has states. Raises
    UnknownLayer for a layer that needs the whole sequence."""

    def refuse_missing_packages(self, what: str) -> None:
        """Raises MissingExtraError where the extra cannot be imported that `what` needs."""
        reason = why_not_importable(*self.modules)
        if reason is not None:
            raise MissingExtraError(
                f"{what} needs packages that cannot be imported ({reason})",
                hint=f'install it: pip install "rnnbuild[{self.extra}]"',
            )
