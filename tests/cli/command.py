"""Commands run in this process, as `rnnbuild ...` runs them."""

import contextlib
import io
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from rnnbuild.cli import app


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


def rnnbuild(
    *arguments: str | Path,
    given: str | bytes = "",
    folder: Path | None = None,
    columns: int = 80,
) -> Result:
    """Run a command with `given` on its stdin, `columns` wide; its exit code, stdout, stderr."""
    out, err = io.StringIO(), io.StringIO()
    content = given.encode() if isinstance(given, str) else given
    stdin = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8")
    code = 0
    with (
        mock.patch.dict(os.environ, {"COLUMNS": str(columns)}),
        replaced("argv", ["rnnbuild", *map(str, arguments)]),
        replaced("stdin", stdin),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        contextlib.chdir(folder or Path.cwd()),
    ):
        try:
            app.main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
    return Result(code, out.getvalue(), err.getvalue())


@contextlib.contextmanager
def replaced(name: str, value: object) -> Iterator[None]:
    before = getattr(sys, name)
    setattr(sys, name, value)
    try:
        yield
    finally:
        setattr(sys, name, before)


def widest(text: str) -> int:
    """The length of the longest line."""
    return max((len(line.rstrip()) for line in text.splitlines()), default=0)
