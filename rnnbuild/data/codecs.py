"""The codecs there are, by the kind that their JSON names."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from rnnbuild.data.codec import TextCodec
from rnnbuild.data.numbers import NumbersCodec
from rnnbuild.data.series.codec import SeriesCodec
from rnnbuild.data.translation.codec import TranslationCodec
from rnnbuild.errors import DataError

CODECS: Mapping[str, Callable[[str], Any]] = {
    "text": TextCodec.from_json,
    "translation": TranslationCodec.from_json,
    "numbers": NumbersCodec.from_json,
    "series": SeriesCodec.from_json,
}


def codec_from_json(text: str) -> Any:
    """The codec that a run saved. Raises DataError where the text is none."""
    try:
        kind = json.loads(text)["kind"]
        make = CODECS[kind]
    except (ValueError, KeyError, TypeError):
        raise DataError("this is not a saved codec, or one of a later version") from None
    return make(text)
