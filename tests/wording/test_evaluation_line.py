"""The line of text for an evaluation."""

from dataclasses import replace

import pytest

from rnnbuild.runs.history import HistoryLine
from rnnbuild.wording.evaluation_line import Goal, line_text

LINE = HistoryLine(
    epoch=2,
    steps=20,
    train={"loss": 0.5, "accuracy": 0.75},
    validation={"loss": 0.625, "accuracy": 0.8, "macro_f1": 0.7},
)


def test_a_line_has_the_losses_and_the_main_metric_that_are_known():
    goal = Goal("macro_f1", 10)
    text = "epoch  2/10  loss 0.5000  validation loss 0.6250, macro F1 0.7000"
    assert line_text(LINE, goal, best=False) == text
    assert line_text(LINE, goal, best=True) == f"{text} best"
    within = line_text(replace(LINE, step=7), goal, best=False)
    assert within.startswith("epoch  2/10 step 7  loss")
    alone = replace(LINE, validation=None)
    assert line_text(alone, goal, best=False) == "epoch  2/10  loss 0.5000, accuracy 0.7500"


def test_a_metric_that_is_the_loss_is_printed_once_and_names_it():
    scores = {"loss": 1.5, "nats": 1.5, "perplexity": 4.5, "token_accuracy": 0.5}
    line = replace(LINE, validation=scores)
    shown = line_text(line, Goal("nats", 10), best=True)
    assert shown == "epoch  2/10  nats per token 0.5000  validation 1.5000 best"
    watched = line_text(line, Goal("nats", 10, watched="token_accuracy"), best=False)
    assert watched.endswith("validation 1.5000, token accuracy 0.5000")
    assert line_text(line, Goal("nats", 10, watched="loss"), best=True) == shown
    letters = line_text(line, Goal("nats", 10, token="character"), best=False)
    assert letters == "epoch  2/10  nats per character 0.5000  validation 1.5000"


@pytest.mark.parametrize(
    ("main", "name"),
    [("nats", "token accuracy"), ("entity_f1", "token accuracy"), ("accuracy", "accuracy")],
)
def test_an_accuracy_of_tokens_is_named_as_that_of_held_out_rows(main: str, name: str) -> None:
    shown = line_text(replace(LINE, validation=None), Goal(main, 10), best=False)
    assert shown.endswith(f", {name} 0.7500")
