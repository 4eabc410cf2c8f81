"""adopted.json: the file that a run's model was taken from, which was trained elsewhere."""

from dataclasses import dataclass

from rnnbuild.errors import RunError
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.record import RecordFile, is_there
from rnnbuild.typed_values import Count, Positive, Sha256
from rnnbuild.visible import command_text


@dataclass(frozen=True, kw_only=True)
class Adopted:
    """A model of Keras as it was found."""

    file: str
    """The file's name, without its folder."""
    sha256: Sha256
    """Hash of its content."""
    keras: str
    """The version of Keras that wrote it."""
    rows: Count
    """Random rows for which the run was compared with it."""
    difference: float
    """The largest difference of an output for these."""
    steps: Positive | None = None
    """Steps of a row, where the model took one length alone."""
    notes: tuple[str, ...]
    """What is to be known of it, in sentences."""


ADOPTED = RecordFile(Adopted, "restore it from a copy, or adopt the model again")


def read_adopted(run: RunDirectory) -> Adopted | None:
    """Where a run's model is from; None for a run that was trained. Raises RunError where the file
    is damaged."""
    return ADOPTED.read(run.adopted) if is_there(run.adopted) else None


def write_adopted(run: RunDirectory, adopted: Adopted) -> None:
    """Write the file. Raises OSError."""
    ADOPTED.write(run.adopted, adopted)


def refuse_to_resume(run: RunDirectory) -> None:
    """Raises RunError for a run that was adopted: no training of it can be continued."""
    adopted = read_adopted(run)
    if adopted is not None:
        raise RunError(
            f"{run.path} was adopted from {adopted.file}: it was not trained here, so there is no "
            "training to continue",
            "train on from its weights, with a config that names data: "
            f"{command_text('train', 'CONFIG', '--from', run.path)}",
        )
