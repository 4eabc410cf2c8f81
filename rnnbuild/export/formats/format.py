"""What a format of exported models consists of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rnnbuild.dependencies import why_not_importable
from rnnbuild.errors import MissingExtraError

Write = Callable[[Path, Path, int | None], None]
"""Writes the model of a `.keras` file to a path; the last argument is the number of steps of its
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
    packages: Mapping[str, str]
    """What run.py needs besides NumPy: modules, and the packages that have them."""
    write: Write
    calling: str
    """How another program calls the model: a fenced block of Markdown."""
    extra: str | None = None
    """The extra of rnnbuild that installs `packages`; None if rnnbuild always has them."""
    fixed_length: bool = False
    """Whether its inputs have one length, to which shorter ones are padded."""
    notes: tuple[str, ...] = field(default=())
    """What its users should know, in sentences."""

    def refuse_missing_packages(self) -> None:
        """Raises MissingExtraError where what runs the model cannot be imported."""
        reason = why_not_importable(*self.packages) if self.extra else None
        if reason is not None:
            raise MissingExtraError(
                f"`--to {self.name}` needs {', '.join(self.packages.values())}, which cannot be "
                f"imported ({reason})",
                hint=f'install it: pip install "rnnbuild[{self.extra}]"',
            )
