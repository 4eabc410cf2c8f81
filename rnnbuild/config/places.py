"""Where each value of a config was written: in a file, or on the command line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from rnnbuild.errors import Place

Path = tuple[str | int, ...]
"""From the top of the config to a value: `("model", "layers", 0, "units")`."""


def dotted(path: Path) -> str:
    """`model.layers.0.units`, as overrides and messages write a path."""
    return ".".join(str(part) for part in path)


@dataclass(frozen=True)
class Source:
    """A text that config values come from. `is_file` is False for the command line."""

    name: str
    text: str
    is_file: bool = True

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")


@dataclass(frozen=True)
class Span:
    """A stretch of a source: lines and columns from 0, the end exclusive."""

    source: Source
    line: int
    column: int
    end_line: int
    end_column: int

    def place(self) -> Place:
        lines = self.source.lines
        text = lines[self.line].rstrip("\r") if self.line < len(lines) else ""
        end = self.end_column if self.end_line == self.line else len(text.rstrip())
        line = self.line + 1 if self.source.is_file else 0
        return Place(self.source.name, line, self.column + 1, text, max(1, end - self.column))


@dataclass(frozen=True)
class Places:
    """Spans of values and of the keys that name them, by path."""

    values: Mapping[Path, Span] = field(default_factory=dict)
    keys: Mapping[Path, Span] = field(default_factory=dict)

    def of(self, path: Path) -> Place | None:
        """The place of a value, or else of the nearest thing around it."""
        for ancestor in _ancestors(path):
            if not ancestor and path and ancestor in self.values:
                # Only the config as a whole is around it: its top is named, and no line shown.
                return replace(self.values[()].place(), line=1, column=1, text="")
            if ancestor in self.values and (ancestor == path or ancestor not in self.keys):
                return self._of_value(ancestor)
            if ancestor in self.keys:
                return self.keys[ancestor].place()
        return None

    def below(self, path: Path) -> "Places":
        """The places inside the value at a path, and the value's own, by path from there."""

        def inside(spans: Mapping[Path, Span]) -> dict[Path, Span]:
            depth = len(path)
            return {known[depth:]: s for known, s in spans.items() if known[:depth] == path}

        return Places(inside(self.values), inside(self.keys))

    def _of_value(self, path: Path) -> Place:
        value, key = self.values[path], self.keys.get(path)
        # A block below its key is named by the key: its own first line is about something else.
        below = key is not None and key.source is value.source and key.line < value.line
        return key.place() if key is not None and below else value.place()

    def of_key(self, path: Path) -> Place | None:
        """The place of the key that names a value."""
        return self.keys[path].place() if path in self.keys else self.of(path)


def _ancestors(path: Path) -> Iterator[Path]:
    for length in range(len(path), -1, -1):
        yield path[:length]


NOWHERE = Places()
