"""codec.json: how a run's input becomes numbers, as the codec of its kind of data writes it.

The file is the codec's own text, which is compared to find out whether data has changed. The text
includes its `kind` and `format`.
"""

from rnnbuild import atomic
from rnnbuild.errors import RunError
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.runs.record import REMEDY, content_of


def read_codec_text(run: RunDirectory) -> str:
    """The codec's JSON. Raises RunError where it cannot be read, or is not text."""
    try:
        return content_of(run.codec).decode("utf-8")
    except UnicodeDecodeError as error:
        raise RunError(f"{run.codec} is damaged: {error}", REMEDY) from None


def write_codec_text(run: RunDirectory, text: str) -> None:
    """Write the file. Raises OSError, and then keeps the old file."""
    atomic.write_text(run.codec, text)
