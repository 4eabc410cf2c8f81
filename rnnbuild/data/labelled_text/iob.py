"""The scheme of tags that mark entities, decided from all files together; IOB1 becomes BIO.

In IOB1 (Ramshaw and Marcus 1995) an entity begins with I-, and with B- only where it follows
another of its type; in BIO it always begins with B-. Metrics read both alike, but a model that
learns from one and is tested on the other does not. What most entities of all splits begin with
decides, unless `data.tag_scheme` does: a few others are slips, whichever file they are in. In IOB1
each entity begins with B- from then on, which leaves every entity what it is; BIO stays as it is.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.labelled_text.census import part_of, spans
from rnnbuild.data.labelled_text.gather import Gathered
from rnnbuild.data.text.tokeniser import EMPTY
from rnnbuild.data.text.tokens import Tokens
from rnnbuild.formatting import first_few
from rnnbuild.tasks.tag import EntityTag, entity_tag

Scheme = Literal["bio", "iob1"]
OUTSIDE = -1

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class EntityStarts:
    """How the entities of a file begin that do not follow another of their type."""

    source: str
    inside: int
    """With I-, as IOB1 writes them."""
    begin: int
    """With B-, as BIO writes them."""


@dataclass(frozen=True)
class TagScheme:
    """The scheme of tags in all files, where some entities begin with I-."""

    scheme: Scheme
    stated: bool
    """Whether the config states it."""
    files: tuple[EntityStarts, ...]

    @property
    def inside(self) -> int:
        """Entities of all files that begin with I-."""
        return sum(file.inside for file in self.files)

    @property
    def begin(self) -> int:
        """Entities of all files that begin with a B- that IOB1 would not write."""
        return sum(file.begin for file in self.files)

    @property
    def text(self) -> str:
        """What was decided, on what evidence, and what follows."""
        iob1 = self.scheme == "iob1"
        total = self.inside + self.begin
        by = " by `data.tag_scheme`" if self.stated else ""
        entities = "entities begin" if total > 1 else "entity begins"
        odd = {file.source: file.begin if iob1 else file.inside for file in self.files}
        where = [f"{count:,} in {source}" for source, count in odd.items() if count]
        others = f" ({'with B-: ' if iob1 else ''}{first_few(where)})" if where else ""
        then = "each begins with B- from now on" if iob1 else "nothing is changed"
        return (
            f"tags are read as {'IOB1' if iob1 else 'BIO'}{by}: {self.inside:,} of {total:,} "
            f"{entities} with I-{others}; {then}"
        )

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, saved: dict[str, Any]) -> "TagScheme":
        files = tuple(EntityStarts(**file) for file in saved["files"])
        return cls(**{**saved, "files": files})


@dataclass(frozen=True, eq=False)
class _Roles:
    """For each label: its type's number or OUTSIDE, its role, and the B of its type."""

    types: NDArray[np.int64]
    begins: Mask
    inside: Mask
    ends: Mask
    """E and S, which IOBES has and IOB1 has not."""
    beginning: NDArray[np.int32]
    plain: Mask
    """Labels that have nothing to do with entities."""


def entities_begin_with_b(
    gathered: Gathered, targets: Path, stated: Scheme | None
) -> tuple[Gathered, TagScheme | None]:
    """The same rows, those of IOB1 as BIO; `targets` is the file of their label codes.

    With them, the scheme where some entities begin with I-: by the rows of the three splits alone,
    not by those that take the place of one. Only rows from files are looked at, and only tags that
    mostly mark entities and mostly have no end of their own.
    """
    words, roles = _roles_of(gathered.targets.words)
    borders = [first for first, _ in gathered.sources] + [len(gathered)]
    last = gathered.instead_of_test or len(gathered)
    counted = [
        (source, _counts(gathered.targets, roles, first, min(end, last)))
        for (first, source), end in zip(gathered.sources, borders[1:], strict=True)
        if first < last
    ]
    scheme = _scheme_of(counted, stated)
    if scheme is None:
        return gathered, None
    codes = gathered.targets.codes
    if scheme.scheme == "iob1":
        writable = np.load(targets, "r+")
        _convert(gathered.targets, writable, roles, gathered.sources[0][0], len(gathered))
        codes = np.asarray(writable)
    tokens = Tokens(words, codes, gathered.targets.offsets)
    return replace(gathered, targets=tokens), scheme


@dataclass(frozen=True)
class _Counts:
    """Tags of some rows: entities by their first tag, ends, tags of entities, and other labels."""

    inside: int = 0
    begin: int = 0
    again: int = 0
    """B- after another entity of the type, as both schemes write it."""
    ends: int = 0
    marked: int = 0
    plain: int = 0


def _scheme_of(counted: Sequence[tuple[str, _Counts]], stated: Scheme | None) -> TagScheme | None:
    def total(name: str) -> int:
        return sum(getattr(counts, name) for _, counts in counted)

    inside, begin = total("inside"), total("begin")
    entities = inside + begin + total("again")
    if not inside or total("plain") > total("marked") or 2 * total("ends") > entities:
        return None
    files = tuple(EntityStarts(name, counts.inside, counts.begin) for name, counts in counted)
    return TagScheme(stated or ("iob1" if inside > begin else "bio"), stated is not None, files)


def _roles_of(labels: tuple[str, ...]) -> tuple[tuple[str, ...], _Roles]:
    """The labels, followed by every type's B that was missing, and their roles."""
    beginning = {label: _begin_of(label) for label in labels}
    lacking = {name for name in beginning.values() if name} - set(labels)
    words = (*labels, *sorted(lacking))
    numbers = {word: number for number, word in enumerate(words)}
    tags = [entity_tag(word) for word in words]
    types = {name: n for n, name in enumerate(sorted({tag.type for tag in tags if tag}))}
    roles = np.array([tag.role if tag else "O" for tag in tags])
    return words, _Roles(
        np.array([types[tag.type] if tag else OUTSIDE for tag in tags]),
        roles == "B",
        roles == "I",
        (roles == "E") | (roles == "S"),
        np.array([numbers[_begin_of(word) or word] for word in words], np.int32),
        np.array([entity_tag(word) is None and word not in ("O", EMPTY) for word in words]),
    )


def _begin_of(label: str) -> str | None:
    """The label that begins an entity whose inside is `label`: the same with B for I."""
    tag = entity_tag(label)
    if tag is None:
        return None
    begin = EntityTag("B", tag.type)
    return next(name for name in (f"B{label[1:]}", f"{label[:-1]}B") if entity_tag(name) == begin)


def _counts(targets: Tokens, roles: _Roles, first: int, last: int) -> _Counts:
    sums = np.zeros(6, np.int64)
    for start, end in spans(targets.offsets, first, last):
        codes, lengths = part_of(targets, start, end)
        types, begins = roles.types[codes], roles.begins[codes]
        fresh = _after_another_type(types, lengths)
        sums += [
            (fresh & roles.inside[codes]).sum(),
            (fresh & begins).sum(),
            (~fresh & begins).sum(),
            roles.ends[codes].sum(),
            (types != OUTSIDE).sum(),
            roles.plain[codes].sum(),
        ]
    return _Counts(*sums.tolist())


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
