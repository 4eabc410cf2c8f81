"""A run's history: a JSON line per epoch and evaluation, equal for equal runs.

Wall times go to a file of their own, line for line, since they differ between equal runs.
"""

import json
import os
from pathlib import Path
from typing import Any

from rnnbuild import atomic
from rnnbuild.errors import RunError

Line = dict[str, Any]


def append(path: Path, line: Line) -> None:
    """Add a line and flush it to the disk. Raises OSError."""
    with path.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(line, ensure_ascii=False) + "\n")
        stream.flush()
        os.fsync(stream.fileno())


def lines(path: Path) -> list[Line]:
    """Every whole line; none where there is no file yet. Raises RunError where one is damaged."""
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    # A crash in the middle of a line leaves its beginning, without a line end.
    whole = text[: text.rfind("\n") + 1].splitlines()
    try:
        return [json.loads(line) for line in whole]
    except ValueError as error:
        raise RunError(f"{path} is damaged: {error}") from None


def keep_first(path: Path, count: int) -> None:
    """Drop what was written after a checkpoint that is gone back to. Raises OSError."""
    kept = lines(path)[:count]
    atomic.write_text(path, "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in kept))
