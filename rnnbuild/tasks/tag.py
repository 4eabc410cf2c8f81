"""`tag`: a tag for each word."""

import re

from rnnbuild.tasks.facts import DataFacts
from rnnbuild.tasks.traits import Head, ScoredAs, StatedHead, TaskTraits

ENTITY_LABEL = re.compile(r"(?P<prefix>[BIES])-(?P<type>.+)", re.DOTALL)
"""A tag of BIO, IOB1 or IOBES that is not O."""


def entity_types(labels: tuple[str, ...]) -> tuple[str, ...]:
    """The types in the labels, sorted: B-city and I-city are both of type city."""
    return tuple(sorted({match["type"] for match in map(ENTITY_LABEL.fullmatch, labels) if match}))


def mark_entities(labels: tuple[str, ...]) -> bool:
    """Whether the labels are those of entities: all O or with prefix B-, I-, E- or S-."""
    return bool(entity_types(labels)) and all(
        label == "O" or ENTITY_LABEL.fullmatch(label) for label in labels
    )


def head(facts: DataFacts, stated: StatedHead) -> Head:
    return Head(len(facts.labels), "softmax")


def scored_as(labels: tuple[str, ...], multi_label: bool) -> ScoredAs:
    return "entities" if mark_entities(labels) else "tag"


TAG = TaskTraits(
    name="tag",
    target="tags",
    answers_at="input step",
    columns=("text", "label"),
    head=head,
    scored_as=scored_as,
    label_name="tag",
    labelled="tokens",
    keys=("text", "label", "tag_scheme"),
    formats=("conll", "conllu"),
)
