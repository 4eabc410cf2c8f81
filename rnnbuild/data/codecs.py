"""The codecs, by the kind that their JSON names.

A codec turns one kind of input into numbers and knows the task. It is saved with a run and used
again by predict: `to_json` writes all that `from_json` needs.
"""

import json
from collections.abc import Mapping
from typing import Any

from rnnbuild.data.kind.codec import Codec
from rnnbuild.data.labelled_text.codec import LabelledTextCodec
from rnnbuild.data.pairs.codec import PairsCodec
from rnnbuild.data.sequences.codec import SequencesCodec
from rnnbuild.data.series.codec import SeriesCodec
from rnnbuild.errors import DataError

CODECS: Mapping[str, type[Codec]] = {
    codec.kind: codec for codec in (LabelledTextCodec, PairsCodec, SequencesCodec, SeriesCodec)
}


def codec_from_json(text: str) -> Codec:
    """The codec that a codec's `to_json` wrote. Raises DataError if the text is not a codec."""
    try:
        saved: dict[str, Any] = json.loads(text)
        codec = CODECS[saved["kind"]]
        if saved["format"] == codec.format:
            return codec.from_json(saved)
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"this is not a saved codec: {error}") from error
    raise DataError(
        f"this codec has format {saved['format']!r}; this version reads {codec.format}",
        hint="use the version of rnnbuild that trained the run",
    )
