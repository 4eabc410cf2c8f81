"""`data.encoding`: how the characters of text files are written as bytes."""

import codecs
from encodings.aliases import aliases
from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

NOT_OF_FILES = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined"})
"""Python's encodings of text that are not for whole files: of domain names, of source code."""


def is_text_encoding(name: str) -> bool:
    """Whether Python knows an encoding of text by a name that a file can be in."""
    try:
        b"a".decode(name, "ignore")  # a LookupError for those of bytes as bytes, such as base64
        return codecs.lookup(name).name.replace("_", "-") not in NOT_OF_FILES
    except (LookupError, ValueError):  # UnicodeError is a ValueError, and so is a NUL in a name
        return False


def text_encoding(name: str) -> str:
    """The name of an encoding of text. Raises PydanticCustomError for any other name."""
    if not is_text_encoding(name):
        raise PydanticCustomError("encoding", "Input should be the name of an encoding")
    return name


Encoding = Annotated[str, AfterValidator(text_encoding)]


def known_names() -> list[str]:
    """Names of encodings, to suggest one of for what is misspelt."""
    names = {name.replace("_", "-") for pair in aliases.items() for name in pair}
    return sorted(filter(is_text_encoding, names))
