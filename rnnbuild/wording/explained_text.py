"""Explanations laid out for a terminal, or as Markdown."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from rnnbuild.analysis.cost import LayerCost, ModelCost
from rnnbuild.analysis.explanation import Explanation
from rnnbuild.config.stack import ResolvedConfig
from rnnbuild.visible import visible
from rnnbuild.wording.explanation import (
    Explained,
    arithmetic,
    closing_sentences,
    headline,
    layer_title,
)
from rnnbuild.wording.layout import Paint
from rnnbuild.wording.prose import WIDEST, wrapped

INDENT = 4
LEAST = 20
"""Columns that the second of two columns gets; where they are missing, it goes below the first."""


def explained_lines(
    resolved: ResolvedConfig, cost: ModelCost, explained: Explained, width: int | None, paint: Paint
) -> Iterator[str]:
    """Each layer with its equations, symbols, arithmetic and notes; then the verdict."""
    for line in wrapped(visible(headline(resolved, cost)), width):
        yield paint(line, "bold")
    for layer, explanation in explained:
        yield ""
        name, title = visible(layer.name), layer_title(layer)
        if width is not None and cell_len(name) + 2 + cell_len(title) > width:
            yield paint(name, "header")
            yield from wrapped(title, width, "  ")
        else:
            yield f"{paint(name, 'header')}  {title}"
        yield from map(visible, layer_lines(layer, explanation, width))
    yield ""
    for sentence in closing_sentences(resolved, cost):
        yield from wrapped(visible(sentence), width)


def layer_lines(layer: LayerCost, explanation: Explanation, width: int | None) -> Iterator[str]:
    yield from two_columns(explanation.equations, width)
    yield ""
    yield from two_columns(explanation.symbols, width)
    yield from two_columns(arithmetic(layer, explanation), width)
    margin = " " * INDENT
    for note in explanation.notes:
        yield from wrapped(note, width, f"{margin}- ", f"{margin}  ")


def two_columns(pairs: Sequence[tuple[str, str]], width: int | None) -> Iterator[str]:
    """Lines with each pair in two aligned columns; the second column is wrapped to `width`."""
    first = max((cell_len(left) for left, right in pairs if right), default=0)
    start = INDENT + first + 2
    for left, right in pairs:
        padded = f"{' ' * INDENT}{left}{' ' * (first - cell_len(left))}  "
        if width is None or start + LEAST <= width or not right:
            lines = wrapped(right, None if width is None else min(width, WIDEST) - start)
            yield (padded + lines[0]).rstrip()
            for line in lines[1:]:
                yield " " * start + line
        else:
            yield padded.rstrip()
            yield from wrapped(right, width, " " * (INDENT + 2))


def markdown_lines(
    resolved: ResolvedConfig, cost: ModelCost, explained: Explained
) -> Iterator[str]:
    yield f"# {headline(resolved, cost)}"
    for layer, explanation in explained:
        yield from ("", f"## {layer.name}: {layer_title(layer)}", "", "```text")
        for line in two_columns(explanation.equations, None):
            yield line[INDENT:]
        yield from ("```", "")
        for left, right in (*explanation.symbols, *arithmetic(layer, explanation)):
            yield f"- {left}: {right}"
        for note in explanation.notes:
            yield f"- {note}"
    for sentence in closing_sentences(resolved, cost):
        yield from ("", sentence)
    yield ""
