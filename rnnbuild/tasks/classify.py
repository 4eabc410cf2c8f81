"""`classify`: a label for each text, one of two or of many, or several at once."""

from rnnbuild.tasks.facts import DataFacts
from rnnbuild.tasks.traits import Head, ScoredAs, StatedHead, TaskTraits


def head(facts: DataFacts, stated: StatedHead) -> Head:
    """A unit for each label; two labels need only one, unless the config states two."""
    labels = len(facts.labels)
    if facts.multi_label:
        return Head(labels, "sigmoid")
    if labels != 2:
        return Head(labels, "softmax")
    two_units = stated.activation == "softmax" or (stated.activation is None and stated.units == 2)
    return Head(2, "softmax") if two_units else Head(1, "sigmoid")


def scored_as(facts: DataFacts) -> ScoredAs:
    if facts.multi_label:
        return "multi_label"
    return "binary" if len(facts.labels) == 2 else "multiclass"


CLASSIFY = TaskTraits(
    name="classify",
    target="label",
    answers_at="example",
    columns=("text", "label"),
    head=head,
    scored_as=scored_as,
    does="classifies",
    keys=("skip_bad_rows", "text", "label", "labels", "punctuation"),
)
