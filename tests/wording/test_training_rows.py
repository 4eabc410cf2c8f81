"""The row of an evaluation: which columns there are, what they are called and what is in them."""

import math
from dataclasses import replace

import pytest

from rnnbuild.runs.history import HistoryLine
from rnnbuild.wording.growing_table import growing_table
from rnnbuild.wording.layout import unpainted
from rnnbuild.wording.training_rows import (
    Goal,
    spare_columns,
    training_columns,
    training_row,
    widest_row,
)

LINE = HistoryLine(
    epoch=2,
    steps=20,
    train={"loss": 0.5, "accuracy": 0.75},
    validation={"loss": 0.625, "accuracy": 0.8, "macro_f1": 0.7},
)
NATS = replace(LINE, validation={"loss": 1.5, "nats": 1.5, "token_accuracy": 0.25})


def shown(
    line: HistoryLine, goal: Goal, width: int | None = None, best: bool = False
) -> list[tuple[str, str]]:
    """Each column's header in one line, and the cell below it."""
    columns = training_columns(goal, line)
    widest, spare = widest_row(columns, goal), spare_columns(goal, line)
    table = growing_table(columns, widest, width, spare)
    row = training_row(line, goal, 3.2, best)
    kept = [strip.column for strip in table.tier.strips]
    return [(" ".join(column.header_lines).strip(), column.cell(row)) for column in kept]


def test_a_row_has_the_time_of_the_epoch_both_losses_and_the_main_metric() -> None:
    assert shown(LINE, Goal("macro_f1", 10), best=True) == [
        ("epoch", "2/10"),
        ("epoch time", "3.2 s"),
        ("training loss", "0.5000"),
        ("validation loss", "0.6250"),
        ("validation macro F1", "0.7000"),
        ("", "best"),
    ]
    assert shown(LINE, Goal("macro_f1", 10))[-1] == ("", "")


def test_the_learning_rate_is_a_column_where_a_schedule_moves_it() -> None:
    moved = replace(LINE, learning_rate=0.00095)
    assert shown(moved, Goal("macro_f1", 10))[2] == ("learning rate", "0.00095")
    assert "learning rate" not in dict(shown(LINE, Goal("macro_f1", 10)))


def test_evaluations_within_epochs_have_their_step() -> None:
    goal = Goal("macro_f1", 10, within_epochs=True)
    assert shown(replace(LINE, step=1234), goal)[1] == ("step", "1,234")
    assert shown(LINE, goal)[1] == ("step", "")


def test_without_validation_rows_the_scores_are_those_of_training() -> None:
    names = dict(shown(replace(LINE, validation=None), Goal("accuracy", 10)))
    assert names["training loss"] == "0.5000"
    assert names["training accuracy"] == "0.7500"


@pytest.mark.parametrize(
    ("main", "name"),
    [("nats", "token accuracy"), ("entity_f1", "token accuracy"), ("accuracy", "accuracy")],
)
def test_an_accuracy_of_tokens_is_named_as_that_of_held_out_rows(main: str, name: str) -> None:
    names = dict(shown(replace(LINE, validation=None), Goal(main, 10)))
    assert names[f"training {name}"] == "0.7500"


def test_a_metric_that_is_the_loss_is_shown_once_and_names_it() -> None:
    names = [name for name, _ in shown(NATS, Goal("nats", 10, token="character"))]
    assert names[2:4] == ["training nats per character", "validation nats per character"]
    watched = dict(shown(NATS, Goal("nats", 10, watched="token_accuracy")))
    assert watched["validation token accuracy"] == "0.2500"
    assert watched["validation nats per token"] == "1.5000"


def test_a_score_without_a_value_says_so() -> None:
    line = replace(LINE, validation={"loss": 0.5, "roc_auc": None})
    assert dict(shown(line, Goal("roc_auc", 10)))["validation ROC AUC"] == "undefined"


@pytest.mark.parametrize(
    ("width", "left_out"),
    [
        (80, []),
        (60, ["learning rate"]),
        (50, ["learning rate", "epoch time"]),
        (40, ["learning rate", "epoch time", "training loss"]),
        (30, ["learning rate", "epoch time", "training loss", "validation loss"]),
    ],
)
def test_a_narrow_screen_lacks_what_matters_least(width: int, left_out: list[str]) -> None:
    line, goal = replace(LINE, learning_rate=0.001), Goal("macro_f1", 10)
    wide, narrow = (dict(shown(line, goal, columns)) for columns in (None, width))
    assert {name for name in wide if name not in narrow} == {*left_out}
    assert narrow["validation macro F1"] == "0.7000"


@pytest.mark.parametrize("width", range(24, 201))
def test_lines_fit_and_no_number_is_cut_in_any_width(width: int) -> None:
    goal = Goal("rmse", 1000, within_epochs=True)
    scores = {"loss": 1234567.0, "rmse": 0.0000012345}
    line = replace(LINE, step=123_456, learning_rate=1.5e-9, validation=scores)
    columns = training_columns(goal, line)
    table = growing_table(columns, widest_row(columns, goal), width, spare_columns(goal, line))
    row = training_row(line, goal, 4000.0, best=True)
    lines = [*table.header(unpainted), *table.row(row, unpainted)]
    assert max(map(len, lines)) <= width
    words = " ".join(lines).split()
    for strip in table.tier.strips:
        assert set(strip.column.cell(row).split()) <= {*words}
    assert "0.000001234" in words


def test_rows_stay_below_their_header_while_a_schedule_takes_the_rate_to_zero() -> None:
    goal = Goal("macro_f1", 200)
    line = replace(LINE, learning_rate=0.002)
    columns = training_columns(goal, line)
    table = growing_table(columns, widest_row(columns, goal), None, [])
    rates = [0.001 * (1 + math.cos(math.pi * epoch / 200)) for epoch in range(1, 201)]
    rows = [
        [*table.row(training_row(replace(line, learning_rate=rate), goal, 1.0, True), unpainted)]
        for rate in rates
    ]
    assert {len(lines) for lines in rows} == {1}
    assert len({len(lines[0]) for lines in rows}) == 1
