"""A run's history: a JSON line per epoch and evaluation, equal for equal runs.

Wall times go to a file of their own, line for line, since they differ between equal runs.
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rnnbuild import atomic
from rnnbuild.errors import RunError

Line = dict[str, Any]


def append(path: Path, line: Line) -> str:
    """Add a line and flush it to the disk. Returns its text, line end and all. Raises OSError."""
    text = json.dumps(line, ensure_ascii=False) + "\n"
    with path.open("a", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    return text


def lines(path: Path) -> list[Line]:
    """Every whole line; none where there is no file yet. Raises RunError where one is damaged."""
    try:
        return [json.loads(line) for line in texts(path)]
    except ValueError as error:
        raise RunError(f"{path} is damaged: {error}") from None


def texts(path: Path) -> list[str]:
    """The text of every whole line, line end and all, sound or not; none where there is no file."""
    if not path.exists():
        return []
    text = path.read_bytes().decode("utf-8", errors="replace")
    # A crash in the middle of a line leaves its beginning, without a line end.
    return [line + "\n" for line in text.split("\n")[:-1]]


def rewrite(path: Path, texts: Iterable[str]) -> None:
    """Let the file hold these lines and no others. Raises OSError."""
    atomic.write_text(path, "".join(texts))
