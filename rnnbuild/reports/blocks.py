"""What a page is made of: sections, and in them sentences, tables, figures and texts.

Each kind of block names its template in `templates/blocks/`; a new kind is one class here and one
template there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from rnnbuild.wording.run_conclusions import Conclusion
from rnnbuild.wording.table import Table

Spec = dict[str, Any]
"""A Vega-Lite specification, with its data and a `description`, without colours and fonts."""


@dataclass(frozen=True)
class Sentences:
    """Paragraphs; what is in `backticks` is set as code."""

    template: ClassVar[str] = "sentences"
    texts: Sequence[str]


@dataclass(frozen=True)
class Conclusions:
    """Statements, each with a sign and a colour for what it amounts to."""

    template: ClassVar[str] = "conclusions"
    conclusions: Sequence[Conclusion]


@dataclass(frozen=True)
class TableBlock:
    """A table that can be sorted; `folded` shows its title alone until it is opened."""

    template: ClassVar[str] = "table"
    table: Table
    name: str
    """Of its file; unique within a page."""
    folded: bool = False


@dataclass(frozen=True)
class Figure:
    """A plot and the table behind it."""

    template: ClassVar[str] = "figure"
    name: str
    """Of its file; unique within a page."""
    title: str
    spec: Spec
    table: Table
    note: str = ""
    legend: Sequence[tuple[str, str]] = ()
    """What a colour stands for, and its role: `accent`, `category_3`. Specifications have none: a
    page writes it itself, since that of a plot does not wrap where it is narrow."""


@dataclass(frozen=True)
class Side:
    """Figures beside each other where there is room."""

    template: ClassVar[str] = "side"
    figures: Sequence[Figure]


@dataclass(frozen=True)
class Fact:
    """A number with its name, and what else is to be said of it."""

    name: str
    value: str
    more: str = ""
    interval: str = ""


@dataclass(frozen=True)
class Facts:
    """The few numbers that matter most, in large type."""

    template: ClassVar[str] = "facts"
    facts: Sequence[Fact]


@dataclass(frozen=True)
class Code:
    """Lines of text as they are; those that are `marked` stand out."""

    template: ClassVar[str] = "code"
    lines: Sequence[tuple[str, bool]]
    title: str = ""
    folded: bool = False


@dataclass(frozen=True)
class Word:
    """A piece of an example; `wrong` where the answer to it is wrong, and then what is said."""

    text: str
    wrong: bool = False
    said: str = ""


@dataclass(frozen=True)
class Example:
    """A row of the data with its target and answer, each as text."""

    place: str
    """Where it is: `test row 1,935`."""
    words: Sequence[Word]
    target: str = ""
    answer: str = ""
    more: str = ""
    by: str = "answer"
    """What gave the answer."""


@dataclass(frozen=True)
class Examples:
    """Rows of the data that someone should look at."""

    template: ClassVar[str] = "examples"
    title: str
    examples: Sequence[Example]


@dataclass(frozen=True)
class Piece:
    """A part of a text, marked the more strongly the higher its `shade`, 0 to 3."""

    text: str
    shade: int


@dataclass(frozen=True)
class Passage:
    """A part of a running text, with what is remarkable in it."""

    place: str
    more: str
    pieces: Sequence[Piece]
    remarks: Sequence[tuple[str, str]]
    """A part of the text, and what is said of it."""


@dataclass(frozen=True)
class Passages:
    """Parts of a running text that someone should look at."""

    template: ClassVar[str] = "passages"
    title: str
    legend: Sequence[str]
    """What shades 1, 2 and 3 stand for."""
    passages: Sequence[Passage]
    unfolded: int = 3
    """The others are shown when they are asked for."""


@dataclass(frozen=True)
class Missing:
    """A part that has no data: why, and the command by which it gets some."""

    template: ClassVar[str] = "missing"
    why: str
    command: str = ""


Block = (
    Sentences
    | Conclusions
    | TableBlock
    | Figure
    | Side
    | Facts
    | Code
    | Examples
    | Passages
    | Missing
)


@dataclass(frozen=True)
class Section:
    """A part of a page with a heading; `name` is its anchor."""

    name: str
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Page:
    """A whole page."""

    kind: str
    """What it is about: `run`, `study`, `runs`."""
    title: str
    lead: str
    """What it is, in a sentence or two."""
    sections: Sequence[Section]

    @property
    def blocks(self) -> list[Block]:
        return [block for section in self.sections for block in section.blocks]

    @property
    def figures(self) -> list[Figure]:
        """Every figure, in the order of the page."""
        found: list[Figure] = []
        for block in self.blocks:
            if isinstance(block, Figure):
                found.append(block)
            elif isinstance(block, Side):
                found.extend(block.figures)
        return found

    @property
    def tables(self) -> list[TableBlock]:
        """Every table that is not behind a figure, in the order of the page."""
        return [block for block in self.blocks if isinstance(block, TableBlock)]
