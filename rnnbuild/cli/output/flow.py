"""One line of a live display, in as many lines of the terminal as its words and numbers need."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from rnnbuild.visible import visible
from rnnbuild.wording.pictures import sparkline
from rnnbuild.wording.prose import wrapped

WIDEST_PICTURE, NARROWEST_PICTURE = 24, 6


@dataclass(frozen=True)
class Bar:
    """How much is done, as a share from 0 to 1."""

    share: float

    def drawn(self, width: int) -> Text:
        done = round(self.share * width)
        return Text.assemble(("━" * done, "bar.complete"), ("━" * (width - done), "bar.back"))


@dataclass(frozen=True)
class Curve:
    """Values from the first to the last."""

    values: Sequence[float]

    def drawn(self, width: int) -> Text:
        return Text(sparkline(self.values, width))


Part = str | Bar | Curve
"""A text that is not broken where it fits into a line, or a picture."""


def flowed(parts: Sequence[Part], width: int) -> Iterator[Text]:
    """The parts side by side if pictures can be narrowed for that, else the texts alone, in lines.

    At most one of the parts is a picture.
    """
    if not parts:
        return
    texts = [visible(part) for part in parts if isinstance(part, str)]
    room = min(WIDEST_PICTURE, width - sum(cell_len(text) + 1 for text in texts))
    if room < NARROWEST_PICTURE:
        yield from (Text(line, no_wrap=True, overflow="ignore") for line in lines_of(texts, width))
        return
    shown = [Text(visible(part)) if isinstance(part, str) else part.drawn(room) for part in parts]
    line = Text(" ", no_wrap=True, overflow="ignore").join(shown)
    line.no_wrap = True
    yield line


def lines_of(texts: Sequence[str], width: int) -> list[str]:
    """Texts side by side as far as they fit; one that is wider than a line is wrapped."""
    lines: list[str] = []
    for text in texts:
        if lines and cell_len(lines[-1]) + 1 + cell_len(text) <= width:
            lines[-1] += f" {text}"
        else:
            lines += wrapped(text, width)
    return lines
