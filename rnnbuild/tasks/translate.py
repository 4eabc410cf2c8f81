"""`translate`: another text for each text, written by a decoder."""

from rnnbuild.tasks.facts import DataFacts
from rnnbuild.tasks.traits import Head, ScoredAs, StatedHead, TaskTraits

UNSEEN_SIGN = "\N{REPLACEMENT CHARACTER}"
"""In place of a word of a target that is not in training."""


def head(facts: DataFacts, stated: StatedHead) -> Head:
    """A unit for each word of the targets, including the end mark."""
    return Head(facts.target_vocabulary_size or 0, "softmax")


def scored_as(facts: DataFacts) -> ScoredAs:
    return "translate"


TRANSLATE = TaskTraits(
    name="translate",
    target="text",
    answers_at="output step",
    columns=("source", "target"),
    head=head,
    scored_as=scored_as,
    does="translates",
    keys=("skip_bad_rows", "source", "target", "reverse"),
    telling_keys=("source", "target"),
    formats=("parallel",),
)
