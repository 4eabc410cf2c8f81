"""The secret that clients show: read from a file, compared in constant time."""

import re
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64Error
from collections.abc import Sequence
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path

from rnnbuild.errors import ArgumentError
from rnnbuild.visible import shell_word

OPEN = ("/", "/health", "/ready")
"""Paths that need no token: a page that asks for it, and what a supervisor looks at."""
LEAST = 16
"""Characters of a token; 16 of base64 are 96 bits, which nobody guesses."""
MOST = 1_024
ALPHABET = re.compile(r"[A-Za-z0-9._~+/-]+=*")
"""What a token in `Authorization: Bearer` may consist of: token68 of RFC 9110, 11.2."""
PROTOCOL = "rnnbuild"
"""The subprotocol that a browser's WebSocket asks for beside the one that contains the token."""
BEARER = "bearer."
"""Before the token as base64url (RFC 4648, 5), in the name of a subprotocol: a browser's WebSocket
has no other place for it, and the letters of a subprotocol are fewer than a token's."""


class Token:
    """A secret that can be compared and neither printed nor logged."""

    def __init__(self, secret: bytes):
        self._digest = sha256(secret).digest()

    def equals(self, shown: bytes) -> bool:
        """Whether it is what a client shows, in a time that depends on neither of them."""
        return compare_digest(sha256(shown).digest(), self._digest)


def read_token(path: Path) -> Token:
    """The token in a file of one line. Raises ArgumentError."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST + 2)
    except OSError as error:
        raise ArgumentError(
            f"--token-file: {path} cannot be read: {error.strerror}", hint_for(path)
        ) from None
    text = content.decode("ascii", "replace").removeprefix("\ufeff").strip()
    wrong = None
    if not text:
        wrong = "is empty"
    elif len(text.splitlines()) > 1:
        wrong = "has several lines; a token is one"
    elif len(content) > MOST:
        wrong = f"has more than {MOST:,} bytes; a token is shorter"
    elif not ALPHABET.fullmatch(text):
        wrong = "has characters that a token cannot have: it is of letters, digits and -._~+/="
    elif len(text) < LEAST:
        wrong = f"has a token of {len(text)} characters, which can be guessed; {LEAST} are needed"
    if wrong:
        raise ArgumentError(f"--token-file: {path} {wrong}", hint_for(path))
    return Token(text.encode())


def hint_for(path: Path) -> str:
    """How to write a file with a token."""
    return f"write one: (umask 077; openssl rand -hex 32 > {shell_word(path)})"


def note_on_readers(path: Path) -> str | None:
    """A note where others may read the file."""
    if path.stat().st_mode & 0o077 and path.is_file():
        return (
            f"other users of this machine may read {path}; "
            f"`chmod 600 {shell_word(path)}` lets only its owner"
        )
    return None


def shown_token(authorization: bytes | None, subprotocols: Sequence[str]) -> bytes | None:
    """The token that a client shows, in a header or, for a WebSocket, as a subprotocol."""
    if authorization is not None:
        scheme, _, secret = authorization.partition(b" ")
        return secret.strip() if scheme.lower() == b"bearer" else None
    for name in subprotocols:
        if name.startswith(BEARER):
            coded = name.removeprefix(BEARER)
            try:
                return urlsafe_b64decode(coded + "=" * (-len(coded) % 4))
            except (NotBase64Error, ValueError):
                return None
    return None
