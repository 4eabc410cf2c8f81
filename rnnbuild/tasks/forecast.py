"""`forecast`: numbers from numbers, the next steps of a series or the target of a sequence."""

from rnnbuild.tasks.facts import DataFacts
from rnnbuild.tasks.traits import Head, ScoredAs, StatedHead, TaskTraits


def head(facts: DataFacts, stated: StatedHead) -> Head:
    return Head(facts.outputs or 1, "linear")


def scored_as(facts: DataFacts) -> ScoredAs:
    return "forecast_units" if facts.units else "forecast"


FORECAST = TaskTraits(
    name="forecast",
    target="numbers",
    answers_at="example",
    columns=("input", "target"),
    head=head,
    scored_as=scored_as,
    does="forecasts",
    keys=("window",),
)
