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
from rnnbuild.data.running_text.codec import RunningTextCodec
from rnnbuild.data.sequences.codec import SequencesCodec
from rnnbuild.data.series.codec import SeriesCodec
from rnnbuild.errors import DataError
from rnnbuild.typed_values import UnexpectedValueError, expect, json_snippet

CODECS: Mapping[str, type[Codec]] = {
    codec.kind: codec
    for codec in (
        LabelledTextCodec,
        PairsCodec,
        SequencesCodec,
        SeriesCodec,
        RunningTextCodec,
    )
}


def codec_from_json(text: str) -> Codec:
    """The codec that a codec's `to_json` wrote. Raises DataError if the text is not a codec."""
    try:
        saved: dict[str, Any] = json.loads(text)
        expect(isinstance(saved, dict), dict, saved, "")
        kind = saved.get("kind")
        if not isinstance(kind, str) or kind not in CODECS:
            expected = f"one of {', '.join(CODECS)}"
            raise UnexpectedValueError("kind", expected, json_snippet(kind))
        codec = CODECS[kind]
        number = saved.get("format")
        if type(number) is int and number > codec.format:
            raise DataError(
                f"this codec has format {number}; this version reads {codec.format}",
                hint="use the version of rnnbuild that trained the run",
            )
        return codec.from_json(saved)
    # RecursionError: a text nested too deeply for the parser.
    except (ValueError, RecursionError, UnexpectedValueError) as error:
        raise DataError(f"this is not a saved codec: {error}") from error


def encode_alike(text: str, other: str) -> bool:
    """Whether two codecs, as JSON, turn the same series or texts into the same numbers.

    How a file is read may be stated otherwise, as long as its content is the same.
    """
    if text == other:
        return True
    first, second = json.loads(text), json.loads(other)
    for values in (first, second):
        values.pop("reading", None)
    return bool(first == second)
