"""`language-model`: at each step of a text, the token that comes next."""

from rnnbuild.tasks.facts import DataFacts
from rnnbuild.tasks.traits import Head, ScoredAs, StatedHead, TaskTraits


def head(facts: DataFacts, stated: StatedHead) -> Head:
    """A unit for each id but padding, which never comes next."""
    return Head((facts.vocabulary_size or 2) - 1, "softmax")


def scored_as(facts: DataFacts) -> ScoredAs:
    return "language_model"


LANGUAGE_MODEL = TaskTraits(
    name="language-model",
    target="next token",
    answers_at="input step",
    columns=("text", "text"),
    head=head,
    scored_as=scored_as,
    does="predicts the next token of",
    example="passage",
    keys=("text", "window"),
    idle_keys=("skip_bad_rows", "max_length", "truncate", "vocabulary.unknown", "split.seed"),
    formats=("text",),
)
