"""A JSON text as Python values: what Python's json makes of it, in a third of the time.

msgspec takes what RFC 8259 allows and refuses the rest, so that wherever it reads a text Python's
json reads the same: whole numbers of any length stay whole (orjson makes floats of those over 64
bits). What it refuses Python's json reads, or says what is wrong with.
"""

import json
from typing import Any

from msgspec.json import Decoder

decode = Decoder().decode
"""Raises REFUSED for what is to be read by `read_slowly`, which may be no JSON at all."""
REFUSED = (ValueError, RecursionError)


def read(text: str) -> Any:
    """The value of a text. Raises the errors of `json.loads`, which are REFUSED too."""
    try:
        return decode(text)
    except REFUSED:
        return read_slowly(text)[0]


def read_slowly(text: str) -> tuple[Any, bool]:
    """The value, and whether it held half of a character, which is replaced.

    Python's json takes NaN and Infinity, and a lone surrogate for a character, which no encoding
    of text can keep. Raises the errors of `json.loads`.
    """
    value = json.loads(text)
    again = json.dumps(value, ensure_ascii=False)
    try:
        again.encode()
    except UnicodeEncodeError:
        whole = again.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return json.loads(whole), True
    return value, False
