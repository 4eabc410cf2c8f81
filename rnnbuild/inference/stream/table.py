"""The reader of each kind of data, step by step."""

from rnnbuild.data.kind.codec import Codec
from rnnbuild.data.labelled_text.codec import LabelledTextCodec
from rnnbuild.data.running_text.codec import RunningTextCodec
from rnnbuild.data.sequences.codec import SequencesCodec
from rnnbuild.data.series.codec import SeriesCodec
from rnnbuild.inference.stream.labelled_text import TextReader
from rnnbuild.inference.stream.numbers import NumbersReader
from rnnbuild.inference.stream.running_text import RunningTextReader
from rnnbuild.inference.stream.series import SeriesReader
from rnnbuild.inference.stream.stream import StepReader


def step_reader_of(codec: Codec) -> StepReader | None:
    """The reader of what a codec encodes; None where an answer needs all of its input."""
    match codec:
        case LabelledTextCodec():
            return TextReader(codec)
        case RunningTextCodec():
            return RunningTextReader(codec)
        case SequencesCodec():
            return NumbersReader(codec)
        case SeriesCodec() if codec.shape.subtract is None:
            return SeriesReader(codec)
    return None
