"""JSON by Python's own reader, which knows more than RFC 8259 allows."""

import json
from typing import Any


def read_slowly(text: str) -> tuple[Any, bool]:
    """The value, and whether it contained half of a character, which is replaced.

    Python's json accepts NaN and Infinity, and lone surrogates, which no encoding of text can
    represent. Raises the errors of `json.loads`.
    """
    value = json.loads(text)
    again = json.dumps(value, ensure_ascii=False)
    try:
        again.encode()
    except UnicodeEncodeError:
        whole = again.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return json.loads(whole), True
    return value, False
