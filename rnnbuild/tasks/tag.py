"""`tag`: a tag for each word."""

import re
from typing import NamedTuple

from rnnbuild.tasks.facts import DataFacts
from rnnbuild.tasks.traits import Head, ScoredAs, StatedHead, TaskTraits

ROLES = {"B": "B", "I": "I", "E": "E", "S": "S", "M": "I", "L": "E", "U": "S"}
"""What a letter marks: an entity's beginning, inside, end, or all of it. BILOU has L and U for the
E and S of IOBES, and BMES has M for I."""
NO_TYPE = "entity"
"""The type of a tag that is a letter alone."""
_PREFIXED = re.compile(r"([BIESMLU])[-_](.+)", re.DOTALL)
_SUFFIXED = re.compile(r"(.+)[-_]([BIESMLU])", re.DOTALL)


class EntityTag(NamedTuple):
    """A tag that marks an entity."""

    role: str
    """B, I, E or S."""
    type: str


def entity_tag(label: str) -> EntityTag | None:
    """The role and type of `B-PER`, `B_PER`, `PER-B`, `PER_B` or `B`; None for other labels."""
    if prefixed := _PREFIXED.fullmatch(label):
        return EntityTag(ROLES[prefixed[1]], prefixed[2])
    if suffixed := _SUFFIXED.fullmatch(label):
        return EntityTag(ROLES[suffixed[2]], suffixed[1])
    return EntityTag(ROLES[label], NO_TYPE) if label in ROLES else None


def entity_types(labels: tuple[str, ...]) -> tuple[str, ...]:
    """The types in the labels, sorted: B-city and I-city are both of type city."""
    return tuple(sorted({tag.type for tag in map(entity_tag, labels) if tag}))


def mark_entities(labels: tuple[str, ...]) -> bool:
    """Whether most labels other than O are those of entities: no stray label changes all scores."""
    others = [label for label in labels if label != "O"]
    return 2 * sum(entity_tag(label) is not None for label in others) > len(others)


def head(facts: DataFacts, stated: StatedHead) -> Head:
    return Head(len(facts.labels), "softmax")


def scored_as(facts: DataFacts) -> ScoredAs:
    return "entities" if mark_entities(facts.labels) else "tag"


TAG = TaskTraits(
    name="tag",
    target="tags",
    answers_at="input step",
    columns=("text", "label"),
    head=head,
    scored_as=scored_as,
    does="tags",
    label_name="tag",
    labelled="tokens",
    keys=("skip_bad_rows", "text", "label", "tag_scheme", "punctuation"),
    formats=("conll", "conllu"),
)
