"""The standard streams, so that no encoding, closed stream or vanished reader ends work."""

import codecs
import io
import os
import sys
from collections import Counter

PLAIN = {
    **dict.fromkeys("×⊙", "x"),
    **dict.fromkeys("–—−─", "-"),
    **dict.fromkeys("│├└", "|"),
    **dict.fromkeys("▁▂▃▄▅▆▇█▉▊▋▌▍▎▏━", "#"),
    **dict.fromkeys("“”", '"'),
    **dict.fromkeys("′’", "'"),
    "·": ".",
    "…": "...",
    "→": "->",
    "≤": "<=",
}
"""How what an encoding lacks is written; anything else becomes a question mark."""
REPLACE, ESCAPE, SHOW = "rnnbuild-replace", "rnnbuild-escape", "rnnbuild-show"
_REPLACED: Counter[str] = Counter()


class NeverFailing(io.FileIO):
    """A stream for notes and progress: once it cannot be written, it writes nowhere."""

    def write(self, content: object) -> int:
        try:
            return super().write(content)  # type: ignore[arg-type]
        except OSError:
            _discard_what_is_written_to(self.fileno())
            return super().write(content)  # type: ignore[arg-type]


def prepare_streams() -> None:
    """Open closed streams on the null device, and let others write what they can.

    To be called before any file is opened: it would take the place of a closed stream, and what
    TensorFlow writes to standard error would go into it.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    if os.environ.get("COLUMNS", "").strip("0 ") == "":  # 0 is no width, and Rich refuses it
        os.environ.pop("COLUMNS", None)
    sys.stdin = sys.stdin or open(os.devnull)  # noqa: PTH123, SIM115
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: PTH123, SIM115
    if sys.stderr is sys.__stderr__:
        sys.stderr = io.TextIOWrapper(
            io.BufferedWriter(NeverFailing(2, "w", closefd=False)),
            encoding=getattr(sys.stderr, "encoding", "utf-8"),
            errors=SHOW,
            line_buffering=True,
        )
    codecs.register_error(REPLACE, _replaced)
    codecs.register_error(ESCAPE, _escaped)
    codecs.register_error(SHOW, _shown)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors=REPLACE)


def note_on_replaced() -> str | None:
    """What was printed in other characters, since standard output's encoding lacks them."""
    if not _REPLACED:
        return None
    count, encoding = _REPLACED.total(), sys.stdout.encoding
    replaced = (
        f"1 character that {encoding} lacks was"
        if count == 1
        else f"{count} characters that {encoding} lacks were"
    )
    return f"{replaced} replaced; to print everything, set PYTHONIOENCODING=utf-8"


def close_output() -> None:
    """Write what is left for standard output. Raises OSError, once: the rest is then discarded."""
    try:
        sys.stdout.flush()
    except OSError:
        discard_output()
        raise


def discard_output() -> None:
    """Discard what is left for standard output: Python writes it again when it exits."""
    if sys.stdout is sys.__stdout__:
        _discard_what_is_written_to(1)


def escape_as_json() -> None:
    """From now on write what the encoding lacks as JSON does, within strings."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors=ESCAPE)


def _replaced(error: UnicodeError) -> tuple[str, int]:
    """For results: like what they stand for, or a question mark."""
    characters, end = _lacking(error)
    _REPLACED.update(characters)
    return "".join(PLAIN.get(one, "?") for one in characters), end


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """For JSON."""
    import json

    characters, end = _lacking(error)
    return json.dumps(characters)[1:-1], end


def _shown(error: UnicodeError) -> tuple[str, int]:
    """For messages: a byte of a name that is not UTF-8 as `\\xe9`, other characters likewise."""
    characters, end = _lacking(error)
    codes = [ord(one) - 0xDC00 if "\udc80" <= one <= "\udcff" else ord(one) for one in characters]
    return "".join(f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" for code in codes), end


def _lacking(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    return error.object[error.start : error.end], error.end


def _discard_what_is_written_to(descriptor: int) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
