"""The decoder of each kind of data."""

from rnnbuild.data.kind.codec import Codec
from rnnbuild.data.labelled_text.codec import LabelledTextCodec
from rnnbuild.data.pairs.codec import PairsCodec
from rnnbuild.data.running_text.codec import RunningTextCodec
from rnnbuild.data.sequences.codec import SequencesCodec
from rnnbuild.data.series.codec import SeriesCodec
from rnnbuild.inference.decoding.decoder import Decoder
from rnnbuild.inference.decoding.labelled_text import labelled_text_decoder
from rnnbuild.inference.decoding.pairs import PairsDecoder
from rnnbuild.inference.decoding.running_text import RunningTextDecoder
from rnnbuild.inference.decoding.sequences import SequencesDecoder
from rnnbuild.inference.decoding.series import SeriesDecoder


def decoder_of(codec: Codec) -> Decoder:
    """The decoder of the outputs for a codec's examples."""
    match codec:
        case LabelledTextCodec():
            return labelled_text_decoder(codec)
        case PairsCodec():
            return PairsDecoder(codec)
        case SequencesCodec():
            return SequencesDecoder(codec)
        case SeriesCodec():
            return SeriesDecoder(codec)
        case RunningTextCodec():
            return RunningTextDecoder(codec)
    raise TypeError(f"expected a known codec, got {type(codec).__name__}")
