"""Explanations laid out for a terminal, or as Markdown."""

import unicodedata
from collections.abc import Iterator, Sequence
from textwrap import wrap

from rnnbuild.analysis.cost import LayerCost, ModelCost
from rnnbuild.analysis.explanation import Explanation
from rnnbuild.cli.options import Format
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.wording.explanation import (
    Explained,
    arithmetic,
    headline,
    layer_title,
    streaming_verdict,
)

INDENT = 4
WIDEST = 100
"""Columns; longer lines are hard to read, however wide the terminal."""


def print_explained(
    resolved: ResolvedConfig, cost: ModelCost, explained: Explained, form: Format
) -> None:
    """Print each layer with its equations, symbols, arithmetic and notes; then the verdict."""
    if form is Format.markdown:
        for line in markdown_lines(resolved, cost, explained):
            print(line)
        return
    from rich.console import Console

    console = Console(highlight=False, markup=False)
    width = min(console.width, WIDEST)
    console.print(headline(resolved, cost), style="bold")
    for layer, explanation in explained:
        console.print(f"\n{layer.name}", style="bold cyan", end="")
        console.print(f"  {layer_title(layer)}")
        for line in layer_lines(layer, explanation, width):
            console.print(line, soft_wrap=True)
    console.print()
    for line in wrap(streaming_verdict(cost), width):
        console.print(line)
    console.print()


def layer_lines(layer: LayerCost, explanation: Explanation, width: int) -> Iterator[str]:
    yield from two_columns(explanation.equations, width)
    yield ""
    yield from two_columns(explanation.symbols, width)
    yield from two_columns(arithmetic(layer, explanation), width)
    for note in explanation.notes:
        margin = " " * INDENT
        yield from wrap(note, width, initial_indent=f"{margin}- ", subsequent_indent=f"{margin}  ")


def cells(text: str) -> int:
    """Width of a text in terminal columns: a combining tilde, as in c̃, takes none."""
    return sum(not unicodedata.combining(character) for character in text)


def two_columns(pairs: Sequence[tuple[str, str]], width: int) -> Iterator[str]:
    """Lines with each pair in two aligned columns; the second column is wrapped to `width`."""
    first = max((cells(left) for left, right in pairs if right), default=0)
    start = INDENT + first + 2
    for left, right in pairs:
        padded = f"{' ' * INDENT}{left}{' ' * (first - cells(left))}  "
        lines = wrap(right, max(20, width - start)) or [""]
        yield (padded + lines[0]).rstrip()
        for line in lines[1:]:
            yield " " * start + line


def markdown_lines(
    resolved: ResolvedConfig, cost: ModelCost, explained: Explained
) -> Iterator[str]:
    yield f"# {headline(resolved, cost)}"
    for layer, explanation in explained:
        yield f"\n## {layer.name}: {layer_title(layer)}\n"
        yield "```text"
        for line in two_columns(explanation.equations, WIDEST):
            yield line[INDENT:]
        yield "```\n"
        for left, right in (*explanation.symbols, *arithmetic(layer, explanation)):
            yield f"- {left}: {right}"
        for note in explanation.notes:
            yield f"- {note}"
    yield f"\n{streaming_verdict(cost)}\n"
