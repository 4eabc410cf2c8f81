"""Explanations as text: for a terminal, or as Markdown."""

import unicodedata
from collections.abc import Iterator, Sequence
from textwrap import wrap

from rnnbuild.analysis.both_ways import waits_for_the_end
from rnnbuild.analysis.cost import LayerCost, ModelCost
from rnnbuild.analysis.explanation import Explanation
from rnnbuild.cli.options import Format
from rnnbuild.cli.output.figures import plural, shape
from rnnbuild.cli.output.kinds import kind_of
from rnnbuild.config.stack import ResolvedConfig

INDENT = 4
WIDEST = 100
"""Longer lines are hard to read, however wide the terminal is."""


def print_explained(
    resolved: ResolvedConfig,
    cost: ModelCost,
    explained: Sequence[tuple[LayerCost, Explanation]],
    form: Format,
) -> None:
    """Every layer with its equations, symbols, arithmetic and notes; then the whole."""
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
        console.print(f"  {kind_of(layer.spec)}, {arrow(layer)}")
        for line in layer_lines(layer, explanation, width):
            console.print(line, soft_wrap=True)
    console.print()
    for line in wrap(streaming(cost), width):
        console.print(line)
    console.print()


def headline(resolved: ResolvedConfig, cost: ModelCost) -> str:
    steps = plural(resolved.input_length, "step")
    return (
        f"{resolved.config.name}: {cost.parameters:,} parameters, {cost.multiply_adds:,} "
        f"multiply-adds for {steps}"
    )


def arrow(layer: LayerCost) -> str:
    """`50×10 → 10`"""
    return f"{shape(layer.input_shape)} → {shape(layer.output_shape)}"


def layer_lines(layer: LayerCost, explanation: Explanation, width: int) -> Iterator[str]:
    yield from two_columns(explanation.equations, width)
    yield ""
    yield from two_columns(explanation.symbols, width)
    yield from two_columns(arithmetic(layer, explanation), width)
    for note in explanation.notes:
        margin = " " * INDENT
        yield from wrap(note, width, initial_indent=f"{margin}- ", subsequent_indent=f"{margin}  ")


def arithmetic(layer: LayerCost, explanation: Explanation) -> list[tuple[str, str]]:
    """`parameters  2·(5·(10+5)+5) = 160`"""
    return [
        ("parameters", equal(explanation.parameters, layer.parameters)),
        ("multiply-adds", equal(explanation.multiply_adds, layer.multiply_adds)),
    ]


def equal(text: str, value: int) -> str:
    """A count with its arithmetic; nothing to compute is said but once."""
    return f"{value:,}" if text == str(value) else f"{text} = {value:,}"


def cells(text: str) -> int:
    """Columns of a terminal that a text takes: a tilde above a letter takes none."""
    return sum(not unicodedata.combining(character) for character in text)


def two_columns(pairs: Sequence[tuple[str, str]], width: int) -> Iterator[str]:
    """Each pair on a line, the second parts below one another and wrapped if need be."""
    first = max((cells(left) for left, right in pairs if right), default=0)
    start = INDENT + first + 2
    for left, right in pairs:
        padded = f"{' ' * INDENT}{left}{' ' * (first - cells(left))}  "
        lines = wrap(right, max(20, width - start)) or [""]
        yield (padded + lines[0]).rstrip()
        for line in lines[1:]:
            yield " " * start + line


def streaming(cost: ModelCost) -> str:
    """Whether the model can answer while its input still comes in."""
    waiting = [f"`{layer.name}`" for layer in cost.layers if waits_for_the_end(layer.spec)]
    if not waiting:
        return (
            "Live streams: every layer reads forward, so the model can answer after each step "
            "as it comes in."
        )
    needs = "needs" if len(waiting) == 1 else "need"
    return (
        f"Live streams: {' and '.join(waiting)} {needs} the whole sequence first, so the model "
        "cannot answer before its end."
    )


def markdown_lines(
    resolved: ResolvedConfig,
    cost: ModelCost,
    explained: Sequence[tuple[LayerCost, Explanation]],
) -> Iterator[str]:
    yield f"# {headline(resolved, cost)}"
    for layer, explanation in explained:
        yield f"\n## {layer.name}: {kind_of(layer.spec)}, {arrow(layer)}\n"
        yield "```text"
        for line in two_columns(explanation.equations, WIDEST):
            yield line[INDENT:]
        yield "```\n"
        for left, right in (*explanation.symbols, *arithmetic(layer, explanation)):
            yield f"- {left}: {right}"
        for note in explanation.notes:
            yield f"- {note}"
    yield f"\n{streaming(cost)}\n"
