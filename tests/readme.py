"""Running the documentation's commands, to compare a page with what they print, or to renew it.

    python -m tests.readme            runs every command of every page and writes its output into it
    python -m tests.readme PAGE...    those of these pages alone

A page is README.md or one of `rnnbuild/docs/`; each begins in an empty folder.

A block fenced as ```console holds commands after `$` and, below each, all that it prints, to both
streams. Fenced as ```console figures vary, its figures may differ from one machine to another, so
only the words around them are compared; as ```console text varies, all lines of an output but the
first may differ. A command that ends in `&` goes on until all are done, and its output is
what it prints until it names an address. A block fenced as ```yaml FILE, ```csv FILE or
```python FILE writes a file first.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[1]
README = PROJECT / "README.md"
DOCS = PROJECT / "rnnbuild" / "docs"
PAGES = [README, *sorted(DOCS.glob("*.md"))]
FENCE = re.compile(r"^```(\w+)[ ]?(.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FIGURE = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?")
CURVE = re.compile("[▁▂▃▄▅▆▇█]+")


@dataclass(frozen=True)
class Command:
    line: int
    text: str
    expected: str
    figures_vary: bool
    text_varies: bool
    start: int
    """Where in the page the command begins."""


def commands(page: str, folder: Path) -> Iterator[Command]:
    """Every command of a page in order, the files before it written to `folder`."""
    for fence in FENCE.finditer(page):
        if fence[1] in ("yaml", "csv", "python") and fence[2]:
            (folder / fence[2]).write_text(fence[3], encoding="utf-8")
        if fence[1] != "console":
            continue
        start = fence.start(3)
        for part in re.split(r"^(?=\$ )", fence[3], flags=re.MULTILINE):
            if part.startswith("$ "):
                text, _, expected = part[2:].partition("\n")
                line = page.count("\n", 0, start) + 1
                varies = ("figures vary" in fence[2], "text varies" in fence[2])
                yield Command(line, text, expected, *varies, start)
            start += len(part)


def comparable(text: str, command: Command) -> list[str]:
    """Lines without what may differ: the space around them; where they vary, all figures, or all
    lines but the first."""
    lines = [line.rstrip() for line in text.strip("\n").splitlines()]
    lines = lines[:1] if command.text_varies else lines
    if not command.figures_vary:
        return lines
    return [" ".join(CURVE.sub("", FIGURE.sub("0", line)).split()) for line in lines if line]


class Shell:
    """Runs a page's commands in one folder; those in the background end with the `with` block.

    They are 80 columns wide, with no terminal around them.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self.background: list[subprocess.Popen[str]] = []

    def __enter__(self) -> "Shell":
        return self

    def __exit__(self, *error: object) -> None:
        for process in self.background:
            process.terminate()
        for process in self.background:
            process.wait(60)

    def printed(self, command: str) -> str:
        """What a command prints to both streams; in the background, until it names
        an address."""
        in_background = command.endswith("&")
        process = subprocess.Popen(
            # `exec`: a signal to end it reaches the program, not the shell around it.
            f"exec {command.removesuffix('&')}" if in_background else command,
            shell=True,
            cwd=self.folder,
            env=os.environ
            | {
                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
                "COLUMNS": "80",
                "NO_COLOR": "1",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if in_background:
            self.background.append(process)
            assert process.stdout is not None
            lines = []
            for line in process.stdout:
                lines.append(line)
                if "http://" in line:
                    break
            return "".join(lines)
        try:
            return process.communicate(timeout=600)[0]
        except subprocess.TimeoutExpired:
            process.kill()
            raise


def rewritten(page: Path, folder: Path) -> str:
    """A page with every command's output as it is printed now."""
    text = page.read_text(encoding="utf-8")
    found = []
    with Shell(folder) as shell:
        for command in commands(text, folder):
            print(f"{page.name}:{command.line}: $ {command.text}", file=sys.stderr)
            found.append((command, shell.printed(command.text)))
    for command, output in reversed(found):
        end = command.start + len(f"$ {command.text}\n{command.expected}")
        gap = "\n" if command.expected.endswith("\n\n") else ""
        lines = [line.rstrip() for line in output.strip("\n").splitlines()]
        block = "\n".join([f"$ {command.text}", *lines]) + "\n" + gap
        text = text[: command.start] + block + text[end:]
    return text


if __name__ == "__main__":
    for page in [Path(name) for name in sys.argv[1:]] or PAGES:
        with tempfile.TemporaryDirectory() as somewhere:
            anew = rewritten(page, Path(somewhere))
        page.write_text(anew, encoding="utf-8")
