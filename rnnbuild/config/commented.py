"""A config as YAML text in which each key says, in a comment, why it has its value."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from textwrap import wrap
from typing import Any

from rnnbuild.config.written import SCHEMA_LINE, inline_text
from rnnbuild.visible import visible

WIDTH = 96
"""Characters of a line, with its indentation."""


@dataclass(frozen=True)
class Choice:
    """A key, as a dotted path of at most two parts, its value, and why it has that value."""

    key: str
    value: Any
    because: str = ""
    """Sentences on what was seen; empty where there is nothing to explain."""

    @property
    def section(self) -> str:
        """What the key is in: `data` of `data.train`; empty at the top."""
        return self.key.rpartition(".")[0]


def commented_text(choices: Sequence[Choice], head: Iterable[str] = ()) -> str:
    """The choices as a config, each below its reason; choices of one section follow one another.

    `head` are sentences on the whole.
    """
    lines = [SCHEMA_LINE.rstrip("\n")]
    for sentence in head:
        lines += _comment(sentence, "")
    for section, inside in groupby(choices, key=lambda choice: choice.section):
        indent = "  " if section else ""
        lines += [f"{section}:"] if section else []
        for choice in inside:
            lines += _comment(choice.because, indent) if choice.because else []
            lines += _entry(choice.key.rpartition(".")[2], choice.value, indent)
    return "\n".join(lines) + "\n"


def plain_keys(choices: Iterable[Choice], section: str) -> dict[str, Any]:
    """The keys of one section with their values."""
    return {
        choice.key.rpartition(".")[2]: choice.value
        for choice in choices
        if choice.section == section
    }


def _comment(sentences: str, indent: str) -> Iterator[str]:
    """What a file's own names and cells have in it cannot end the comment: it is made visible."""
    before = f"{indent}# "
    return iter(
        wrap(
            visible(sentences),
            WIDTH,
            initial_indent=before,
            subsequent_indent=before,
            break_on_hyphens=False,
        )
    )


def _entry(key: str, value: Any, indent: str) -> Iterator[str]:
    """`key: value` on one line; a list of mappings, such as layers, on a line for each."""
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        yield f"{indent}{key}:"
        yield from (f"{indent}  - {inline_text(item)}" for item in value)
    else:
        yield f"{indent}{key}: {inline_text(value)}"
