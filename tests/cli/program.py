"""The program run inside the test's own process, its streams caught: as a user meets it."""

import contextlib
import io
import json
import os
import sys
from dataclasses import dataclass
from typing import Any
from unittest import mock

from rnnbuild.cli.app import main


@dataclass(frozen=True)
class Outcome:
    stdout: str
    stderr: str
    exit_code: int

    @property
    def json(self) -> Any:
        return json.loads(self.stdout)

    @property
    def lines(self) -> list[str]:
        return self.stdout.splitlines()


def rnnbuild(*arguments: str, columns: int = 80) -> Outcome:
    """`rnnbuild ARGUMENTS...`, its output not a terminal, that many columns wide."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with (
        mock.patch.object(sys, "argv", ["rnnbuild", *arguments]),
        mock.patch.dict(os.environ, {"COLUMNS": str(columns)}),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as exit_:
            code = exit_.code if isinstance(exit_.code, int) else int(bool(exit_.code))
    return Outcome(out.getvalue(), err.getvalue(), code)
