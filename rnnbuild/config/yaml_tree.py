"""YAML text -> plain values, each with its place.

Read event by event, so that depth and size are bounded before anything is built: a file that
would expand to more than MOST_VALUES values (a "billion laughs") is refused at once. Scalars
follow YAML 1.2's core schema: `1e-3` is a number and `no` a string. Duplicate keys are errors,
anchors and merge keys (`<<`) work, tags of Python objects do not.
"""

import re
from dataclasses import dataclass
from typing import Any

import yaml

from rnnbuild.config.places import Path, Places, Source, Span
from rnnbuild.config.syntax import character_problem, syntax_problem
from rnnbuild.errors import ConfigError, Problem, did_you_mean

MOST_VALUES = 20_000
MOST_DEPTH = 50

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# YAML 1.2.2, section 10.3.2: the core schema's tag resolution.
NULL = re.compile(r"null|Null|NULL|~|")
TRUE, FALSE = re.compile(r"true|True|TRUE"), re.compile(r"false|False|FALSE")
INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
INFINITE = re.compile(r"([-+]?)(\.inf|\.Inf|\.INF)|(\.nan|\.NaN|\.NAN)")

CORE = "tag:yaml.org,2002:"
# No key can use more digits than this, and int() would take longer the more there are.
MOST_DIGITS = 300


@dataclass(frozen=True)
class Tree:
    """A YAML document: its values, and where each was written."""

    value: Any
    places: Places


def read_tree(source: Source) -> Tree:
    """The one document of a YAML text, None where the text is empty.

    Raises ConfigError with the place of the first thing that is not YAML, or that is refused.
    """
    reader = _Reader(source)
    try:
        value = reader.document()
    except yaml.MarkedYAMLError as error:
        raise ConfigError(syntax_problem(source, error)) from None
    except yaml.reader.ReaderError as error:
        raise ConfigError(character_problem(source, error)) from None
    if reader.problems:
        raise ConfigError(reader.problems)
    return Tree(value, Places(reader.values, reader.keys))


@dataclass(frozen=True)
class _Node:
    """A scalar, a list of nodes, or a list of (key node, value node), not yet placed by path."""

    span: Span
    scalar: Any = None
    items: "list[_Node] | None" = None
    pairs: "list[tuple[_Node, _Node]] | None" = None
    plain_merge: bool = False
    """A plain `<<`: as a key it merges."""


class _Reader:
    def __init__(self, source: Source):
        self.source = source
        self.values: dict[Path, Span] = {}
        self.keys: dict[Path, Span] = {}
        self.problems: list[Problem] = []
        self.anchors: dict[str, _Node] = {}
        self.open_anchors: set[str] = set()
        self.read = 0
        self.count = 0
        self.events = yaml.parse(source.text, Loader=Loader)

    def document(self) -> Any:
        next(self.events)  # the stream starts
        event = next(self.events)
        if isinstance(event, yaml.StreamEndEvent):
            return None
        root = self.node(next(self.events), depth=0)
        next(self.events)  # the document ends
        event = next(self.events)
        if not isinstance(event, yaml.StreamEndEvent):
            self.refuse(event, "a second document starts here; a config is one document")
        return self.placed(root, ())

    def span(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        return Span(self.source, start.line, start.column, end.line, end.column)

    def refuse(self, event: Any, message: str, hint: str | None = None) -> None:
        raise ConfigError(Problem(message, self.span(event).place(), hint))

    def node(self, event: Any, depth: int) -> _Node:
        self.read += 1
        if self.read > MOST_VALUES:
            self.refuse(event, f"more than {MOST_VALUES:,} values; no config needs that many")
        if isinstance(event, yaml.AliasEvent):
            return self.anchored(event)
        if depth > MOST_DEPTH:
            self.refuse(event, f"nested more than {MOST_DEPTH} levels deep")
        self.check_tag(event)
        if event.anchor:
            self.open_anchors.add(event.anchor)
        if isinstance(event, yaml.ScalarEvent):
            node = self.scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self.sequence(event, depth)
        else:
            node = self.mapping(event, depth)
        if event.anchor:
            self.open_anchors.discard(event.anchor)
            self.anchors[event.anchor] = node
        return node

    def anchored(self, event: Any) -> _Node:
        if event.anchor in self.open_anchors:
            self.refuse(event, f"`*{event.anchor}` is inside what it names")
        if event.anchor not in self.anchors:
            known = did_you_mean(event.anchor, self.anchors)
            self.refuse(event, f"there is no anchor `&{event.anchor}` before this{known}")
        return self.anchors[str(event.anchor)]

    def check_tag(self, event: Any) -> None:
        kinds = {
            yaml.ScalarEvent: ("str", "int", "float", "bool", "null"),
            yaml.SequenceStartEvent: ("seq",),
            yaml.MappingStartEvent: ("map",),
        }
        allowed = [CORE + kind for kind in kinds[type(event)]]
        if event.tag not in (None, "!", *allowed):
            tag = event.tag.replace(CORE, "!!", 1)
            self.refuse(event, f"the tag `{tag}` is refused: a config is plain data")

    def scalar(self, event: Any) -> _Node:
        span, text = self.span(event), event.value
        plain = event.implicit[0]
        if event.tag in (CORE + "str", "!") or not (plain or event.tag):
            return _Node(span, text)
        if len(text) > MOST_DIGITS and INTEGER.fullmatch(text):
            self.refuse(event, f"a number of {len(text)} digits")
        value = core_scalar(text)
        kind = (event.tag or "").removeprefix(CORE)
        if kind == "float" and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if kind and kind != _kind_of(value):
            self.refuse(event, f"the tag `!!{kind}` does not fit `{text}`", "leave the tag out")
        return _Node(span, value, plain_merge=plain and text == "<<")

    def sequence(self, start: Any, depth: int) -> _Node:
        items = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.node(event, depth + 1))
        return _Node(self.whole(start, event), items=items)

    def mapping(self, start: Any, depth: int) -> _Node:
        pairs = []
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.node(event, depth + 1)
            pairs.append((key, self.node(next(self.events), depth + 1)))
        return _Node(self.whole(start, event), pairs=pairs)

    def whole(self, start: Any, end: Any) -> Span:
        first, last = start.start_mark, end.end_mark
        return Span(self.source, first.line, first.column, last.line, last.column)

    def placed(self, node: _Node, path: Path) -> Any:
        """The node's value, its span and those of all within it noted under their paths."""
        self.count += 1
        if self.count > MOST_VALUES:
            raise ConfigError(
                Problem(
                    f"the file expands to more than {MOST_VALUES:,} values; no config needs them",
                    node.span.place(),
                    "look for anchors that are repeated within anchors",
                )
            )
        self.values[path] = node.span
        if node.items is not None:
            return [self.placed(item, (*path, number)) for number, item in enumerate(node.items)]
        if node.pairs is not None:
            return self.placed_mapping(node, path)
        return node.scalar

    def placed_mapping(self, node: _Node, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        written: dict[str, Span] = {}
        merged: list[_Node] = []
        assert node.pairs is not None
        for key, value in node.pairs:
            if key.plain_merge:
                merged += self.merge_sources(value)
                continue
            name = self.key_name(key)
            if name in written:
                first = written[name].place()
                self.problems.append(
                    Problem(
                        f"the key `{name}` is written twice, first at {first.line}:{first.column}",
                        key.span.place(),
                        "keep one of the two",
                    )
                )
            written[name] = self.keys[*path, name] = key.span
            values[name] = self.placed(value, (*path, name))
        for source in merged:
            for key, value in source.pairs or []:
                if key.plain_merge or self.key_name(key) in values:
                    continue
                self.keys[*path, self.key_name(key)] = key.span
                values[self.key_name(key)] = self.placed(value, (*path, self.key_name(key)))
        return values

    def merge_sources(self, value: _Node) -> list[_Node]:
        """The mappings that `<<` names, those that they merge themselves after them."""
        named = value.items if value.items is not None else [value]
        sources = []
        for source in named:
            if source.pairs is None:
                raise ConfigError(
                    Problem("`<<` merges a mapping, or a list of mappings", value.span.place())
                )
            self.count += 1
            if self.count > MOST_VALUES:
                raise ConfigError(Problem("merge keys without end", value.span.place()))
            sources.append(source)
            for key, inner in source.pairs:
                if key.plain_merge:
                    sources += self.merge_sources(inner)
        return sources

    def key_name(self, key: _Node) -> str:
        if key.items is not None or key.pairs is not None:
            raise ConfigError(Problem("a key must be a word", key.span.place()))
        # `no:` and `1:` are keys as they are written, not what they would be as values.
        return key.scalar if isinstance(key.scalar, str) else _written(key.span)


def _written(span: Span) -> str:
    place = span.place()
    return place.text[place.column - 1 : place.column - 1 + place.length]


def core_scalar(text: str) -> Any:
    """A plain scalar's value under YAML 1.2's core schema; an integer over MOST_DIGITS as text."""
    if NULL.fullmatch(text):
        return None
    if TRUE.fullmatch(text):
        return True
    if FALSE.fullmatch(text):
        return False
    if INTEGER.fullmatch(text):
        if len(text) > MOST_DIGITS:
            return text
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if FLOAT.fullmatch(text):
        return float(text)
    if match := INFINITE.fullmatch(text):
        return float("nan") if match[3] else float(f"{match[1]}inf")
    return text


def _kind_of(value: Any) -> str:
    names = {bool: "bool", int: "int", float: "float", str: "str"}
    return "null" if value is None else names[type(value)]
