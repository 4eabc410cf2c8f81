"""Lists that a cell of a table contains: as JSON, Python or NumPy write them."""

import json
import re
from collections.abc import Sequence
from typing import Any

_ITEM = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\s'",\[\]]+"""
_LIST = re.compile(rf"\[\s*(?:(?:{_ITEM})(?:\s*,\s*|\s+|(?=\])))*\]", re.DOTALL)
_ITEMS = re.compile(_ITEM, re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def list_in(text: str) -> list[Any] | None:
    """The items of a list such as `["a", 1]`, `['a', 'b']` or `['a' 'b']`; None for other text."""
    text = text.strip()
    if not (text.startswith("[") and text.endswith("]")):
        return None
    from rnnbuild.data.readers.json_value import REFUSED, read  # msgspec takes 20 ms to load

    try:
        value = read(text)
    except REFUSED:
        if not _LIST.fullmatch(text):
            return None
        return [_plain(item) for item in _ITEMS.findall(text[1:-1])]
    return value if isinstance(value, list) else None


def words_in(text: str) -> list[str]:
    """The words of a text: the items of a list of quoted ones, else what blanks separate."""
    if text.startswith(("['", '["')):
        words = list_in(text)
        if words is not None and all(isinstance(word, str) for word in words):
            return words
    return text.split()


def text_of_words(words: Sequence[str]) -> str:
    """The text that `words_in` reads as these words: a list in JSON if one has a space in it."""
    text = " ".join(words)
    return text if words_in(text) == list(words) else json.dumps(list(words), ensure_ascii=False)


def _plain(item: str) -> str:
    return _ESCAPED.sub(r"\1", item[1:-1]) if item[0] in "'\"" else item
