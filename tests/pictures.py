"""The pictures of README.md: a terminal as SVG, and a report as a browser shows it.

python -m tests.pictures      makes both again; for the second it trains a small study
"""

import io
import os
import pty
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from tests.browser import tab
from tests.readme import DOCS, README, Shell, commands

IMAGES = DOCS / "images"
COMPARE = "rnnbuild compare classic --vary cell=simple_rnn,gru,lstm --vary bidirectional=false,true"
COLUMNS = 80
SVG = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
    font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
    font-size: {char_height}px;
    line-height: {line_height}px;
}}
.{unique_id}-title {{ font-size: 18px; font-family: sans-serif; }}
{styles}
</style>
<defs>{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""Rich's own template without its fonts, which come from an address, and without its clip path."""


def drawn(command: str) -> str:
    """What a command draws in a terminal of 80 columns, with its control codes."""
    main, other = pty.openpty()
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": str(COLUMNS),
        "TERM": "xterm-256color",
    }
    with subprocess.Popen(
        command.split(), stdin=other, stdout=other, stderr=other, env=environment
    ) as process:
        os.close(other)
        parts = []
        try:
            while part := os.read(main, 1 << 16):
                parts.append(part)
        except OSError:  # a terminal whose program has ended cannot be read
            pass
        os.close(main)
    assert process.returncode == 0, command
    return b"".join(parts).decode().replace("\r\n", "\n")


def terminal_svg(command: str) -> str:
    """A command and what it draws, as a picture."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO())
    console.print(Text(f"$ {command}\n", style="bold"))
    console.print(Text.from_ansi(drawn(command)))
    return console.export_svg(title="rnnbuild", code_format=SVG, unique_id="terminal")


def words_of(svg: str) -> list[str]:
    """The words in a picture of a terminal."""
    text = " ".join(re.findall(r"<text[^>]*>(.*?)</text>", svg))
    return text.replace("&#160;", " ").split()


def study_page(target: Path) -> None:
    """The upper part of the page that README's study ends in."""
    with tempfile.TemporaryDirectory() as somewhere:
        folder = Path(somewhere)
        with Shell(folder) as shell:
            for command in commands(README.read_text(encoding="utf-8"), folder):
                shell.printed(command.text)
        with tab() as browser:
            browser.resize(1000, 1100)
            browser.open(folder / "studies" / "senses-1" / "report.html")
            browser.screenshot(target, whole=False)


if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    (IMAGES / "compare.svg").write_text(terminal_svg(COMPARE), encoding="utf-8")
    study_page(IMAGES / "study.png")
