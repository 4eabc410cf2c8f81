"""Text that does nothing on a terminal but be read.

Labels, texts, file names and run folders come from elsewhere. A terminal obeys the control
characters among them: it clears the screen, changes the window's title, or shows a line in another
order than it has (CVE-2021-42574). Everything on its way to a person passes through here; programs
get the characters themselves, in JSON as JSON's escapes.
"""

import re
from pathlib import Path
from shlex import quote

# C0, DEL and C1 controls (ECMA-48); half of a surrogate pair; line and paragraph separators; and
# what Unicode's category Cf has that is invisible or changes the direction of text. The joiners
# U+200C and U+200D stay: Persian, the languages of India and emoji are written with them.
_INVISIBLE = (
    "\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
)
_NOT_FOR_PEOPLE = re.compile(f"[\x00-\x1f{_INVISIBLE}]")
_NOT_FOR_LINES = re.compile(f"[\x00-\x08\x0b-\x1f{_INVISIBLE}]")
_NOT_IN_JSON = re.compile(f"[{_INVISIBLE}]")


def visible(text: str) -> str:
    r"""A text on one line, with Python's escape for each control character: `\x1b[2J`, `\n`."""
    return _NOT_FOR_PEOPLE.sub(_escape, text)


def token_text(token: str) -> str:
    """A token as a person reads it: one of white space, which would not be seen, in quotes."""
    return f'"{token}"' if token.isspace() else token


def visible_lines(text: str) -> str:
    """The same with the line breaks and tabs as they are, for text that is laid out by them."""
    return _NOT_FOR_LINES.sub(_escape, text)


def json_text(document: str) -> str:
    r"""JSON that means the same, with `\u009b` for what a terminal would obey.

    `json.dumps` escapes C0 controls alone unless it escapes every letter that is not ASCII.
    """
    if document.isascii() and "\x7f" not in document:
        return document
    return _NOT_IN_JSON.sub(_json_escape, document)


def shell_word(text: object) -> str:
    r"""A path or another argument as it is pasted into a shell: `'my run'`, `$'a\x1bb'`.

    A path that starts with `-` would be taken for an option: `./-run`.
    """
    word = f"./{text}" if isinstance(text, Path) and str(text).startswith("-") else str(text)
    if visible(word) == word:
        return quote(word)
    # As Bash, Zsh and POSIX 2024 read it: byte by byte, as the file system has it.
    inside = word.replace("\\", "\\\\").replace("'", "\\'")
    return f"$'{_NOT_FOR_PEOPLE.sub(_bytes_escape, inside)}'"


def command_text(*words: str | Path) -> str:
    """`rnnbuild resume 'my run' --epochs 3`: a command as a shell takes it, its paths quoted."""
    quoted = (shell_word(word) if isinstance(word, Path) else word for word in words)
    return " ".join(["rnnbuild", *quoted])


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    # How Python represents a byte of a file name that is not UTF-8.
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else repr(match[0])[1:-1]


def _bytes_escape(match: re.Match[str]) -> str:
    not_utf8 = "\udc80" <= match[0] <= "\udcff"
    coded = match[0].encode("utf-8", "surrogateescape" if not_utf8 else "replace")
    return "".join(f"\\x{byte:02x}" for byte in coded)


def _json_escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x10000:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
