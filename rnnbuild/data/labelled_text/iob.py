"""Files of entities in IOB1, recognised by their tags and converted to BIO.

In IOB1 (Ramshaw and Marcus 1995) an entity begins with I-, and with B- only where it follows
another of its type; in BIO it always begins with B-. Metrics read both alike, but a model that
learns from one and is tested on the other does not. The rule, file by file: where some entity
begins with I- and none with a B- that IOB1 would not write, the file is IOB1, and each of its
entities begins with B- from then on. A file with both is BIO with mistakes: they are counted, and
nothing is changed.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.health.shares import agree
from rnnbuild.data.labelled_text.census import part_of, spans
from rnnbuild.data.labelled_text.gather import Gathered
from rnnbuild.data.text.tokeniser import EMPTY
from rnnbuild.data.text.tokens import Tokens

_TAG = re.compile(r"([BI])-(.+)", re.DOTALL)
OUTSIDE = -1

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class EntityStarts:
    """How the entities of a file begin, where some begin with I-."""

    source: str
    inside: int
    """Entities that begin with I-; they are converted to B- where no entity begins with one."""
    begin: int
    """Entities that begin with a B- that IOB1 would not write."""

    @property
    def note(self) -> str:
        count = f"{self.inside:,} {agree(self.inside, 'entity begins', 'entities begin')} with I-"
        if self.begin:
            return f"{self.source}: {count}, {self.begin:,} with B-; each tag starts an entity"
        return (
            f"{self.source}: {count}, as in IOB1; "
            f"{agree(self.inside, 'it is', 'they are')} read as B-"
        )


@dataclass(frozen=True, eq=False)
class _Roles:
    """For each label: its type's number or OUTSIDE, whether it is B- or I-, the B- of its type."""

    types: NDArray[np.int64]
    begins: Mask
    inside: Mask
    beginning: NDArray[np.int32]
    known: Mask
    """Labels of IOB1 and BIO: O, B- and I-."""


def entities_begin_with_b(
    gathered: Gathered, targets: Path
) -> tuple[Gathered, tuple[EntityStarts, ...]]:
    """The same rows, those of IOB1 files as BIO; `targets` is the file of their label codes.

    With them, how entities begin in files where some begin with I-. Only rows that come from files
    are looked at, and only files without other kinds of labels.
    """
    words, roles = _roles_of(gathered.targets.words)
    odd: list[EntityStarts] = []
    writable = np.load(targets, "r+") if len(gathered.targets.codes) else gathered.targets.codes
    codes = np.asarray(writable)
    borders = [first for first, _ in gathered.sources] + [len(gathered)]
    for (first, source), last in zip(gathered.sources, borders[1:], strict=True):
        counts = _counts(gathered.targets, roles, first, last)
        if counts is None or not counts[0]:
            continue
        odd.append(EntityStarts(source, *counts))
        if not odd[-1].begin:
            _convert(gathered.targets, codes, roles, first, last)
    offsets = gathered.targets.offsets
    return replace(gathered, targets=Tokens(words, codes, offsets)), tuple(odd)


def _roles_of(labels: tuple[str, ...]) -> tuple[tuple[str, ...], _Roles]:
    """The labels, followed by every type's B- that was missing, and their roles."""
    matches = [_TAG.fullmatch(label) for label in labels]
    lacking = dict.fromkeys(f"B-{match[2]}" for match in matches if match).keys() - set(labels)
    words = (*labels, *sorted(lacking))
    numbers = {word: number for number, word in enumerate(words)}
    matches = [_TAG.fullmatch(word) for word in words]
    types = {name: n for n, name in enumerate(sorted({match[2] for match in matches if match}))}
    return words, _Roles(
        np.array([types[match[2]] if match else OUTSIDE for match in matches]),
        np.array([match is not None and match[1] == "B" for match in matches]),
        np.array([match is not None and match[1] == "I" for match in matches]),
        np.array([numbers[f"B-{match[2]}"] if match else 0 for match in matches], np.int32),
        np.array([word in ("O", EMPTY) or bool(_TAG.fullmatch(word)) for word in words]),
    )


def _counts(targets: Tokens, roles: _Roles, first: int, last: int) -> tuple[int, int] | None:
    """Entities that begin with I-, and with a B- that IOB1 would not write; None for other tags."""
    by_inside = by_begin = 0
    for start, end in spans(targets.offsets, first, last):
        codes, lengths = part_of(targets, start, end)
        if not roles.known[codes].all():
            return None
        fresh = _after_another_type(roles.types[codes], lengths)
        by_inside += int((fresh & roles.inside[codes]).sum())
        by_begin += int((fresh & roles.begins[codes]).sum())
    return by_inside, by_begin


def _convert(
    targets: Tokens, codes: NDArray[np.int32], roles: _Roles, first: int, last: int
) -> None:
    for start, end in spans(targets.offsets, first, last):
        part, lengths = part_of(targets, start, end)
        fresh = _after_another_type(roles.types[part], lengths) & roles.inside[part]
        begin = int(targets.offsets[start])
        codes[begin : begin + len(part)] = np.where(fresh, roles.beginning[part], part)


def _after_another_type(types: NDArray[np.int64], lengths: NDArray[np.int64]) -> Mask:
    """Which steps differ in type from the step before them in their row: bool (total,)."""
    fresh = np.ones(len(types), bool)
    fresh[1:] = types[1:] != types[:-1]
    starts = np.cumsum(lengths) - lengths
    fresh[starts[lengths > 0]] = True
    return fresh
