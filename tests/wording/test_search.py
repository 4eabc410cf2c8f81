"""What a search says of its trials."""

from typing import Any

import pytest

from rnnbuild.runs.search.search_file import PlannedChoice, PlannedRange, Sampler, SearchPlan
from rnnbuild.runs.search.trials_file import EpochScore, Trial
from rnnbuild.studies.findings import findings_of
from rnnbuild.wording.search import (
    SHOWN,
    all_trials_table,
    best_text,
    confirmation_text,
    short_key,
    trials_table,
)
from tests.studies.made import made_results

RATE = "training.optimizer.learning_rate"


def plan(**options: Any) -> SearchPlan:
    stated: dict[str, Any] = {
        "name": "small",
        "space": (
            PlannedRange(key=RATE, low=1e-4, high=1e-2, whole=False, log=True),
            PlannedChoice(key="cell", alternatives=("gru", "lstm")),
        ),
        "trials": 20,
        "seed": 1,
        "samplers": (Sampler(name="tpe", optuna="5.0.0", numpy="2.0.0"),),
        "metric": "macro_f1",
        "higher_is_better": True,
        "pruning": True,
        "confirming": 3,
    }
    return SearchPlan(**{**stated, **options})


def trial(number: int, value: float | None = None, **options: Any) -> Trial:
    stated: dict[str, Any] = {
        "number": number,
        "parameters": {RATE: 0.00123456, "cell": "gru"},
        "state": "done",
        "value": value,
        "scores": (EpochScore(epoch=1, value=0.1), EpochScore(epoch=2, value=value or 0.0)),
    }
    return Trial(**{**stated, **options})


TRIALS = (
    trial(1, 0.5),
    trial(2, 0.9),
    trial(3, state="failed", error="the loss is not finite\n  hint: lower it", scores=()),
    trial(4, 0.95, state="pruned"),
    trial(5, 0.9),
)


def test_the_best_finished_trials_come_first_and_of_equal_ones_the_first() -> None:
    table = trials_table(plan(), TRIALS)
    assert [row["trial"] for row in table.rows] == [2, 5, 1]
    assert [column.header for column in table.columns] == [
        "trial",
        "validation macro F1",
        "epochs",
        "learning_rate",
        "cell",
    ]
    assert table.title == "small: 5 trials: 3 finished, 1 pruned, 1 failed"
    rows = trials_table(plan(higher_is_better=False, metric="rmse"), TRIALS).rows
    assert [row["trial"] for row in rows] == [1, 2, 5]


def test_more_trials_than_a_person_reads_are_counted() -> None:
    table = trials_table(plan(), [trial(number, 0.1) for number in range(1, SHOWN + 4)])
    assert len(table.rows) == SHOWN
    assert table.notes[0] == "3 more trials finished: use --format csv"


def test_as_csv_there_is_every_trial_in_its_order() -> None:
    table = all_trials_table(plan(), TRIALS)
    assert [row["state"] for row in table.rows] == ["done", "done", "failed", "pruned", "done"]
    assert table.csv_fields == ["trial", "state", "value", "epochs", RATE, "cell", "error"]


def test_the_best_score_is_said_to_be_optimistic_and_shared() -> None:
    text = best_text(plan(), TRIALS, TRIALS[1])
    assert text == (
        "Trial 2 has the best validation macro F1, 0.9000. 1 other trial reached it too; the first "
        "is taken. That score is optimistic, since the trial was chosen for it."
    )


def test_a_key_is_short_where_no_other_ends_alike() -> None:
    keys = ["model.layers.0.units", "model.layers.1.units", RATE]
    assert [short_key(key, keys) for key in keys] == [*keys[:2], "learning_rate"]


@pytest.mark.parametrize(
    ("gains", "text"),
    [
        ((0.021, 0.02, 0.019), "better than the config as given: train it with the command below."),
        ((-0.021, -0.02, -0.019), "worse than the config as given: train the config as given."),
        ((0.02, -0.02, 0.001), "not shown to be better than the config as given."),
        ((None, None, None), "not shown to be better than the config as given."),
    ],
)
def test_a_confirmation_ends_with_what_follows_from_it(
    gains: tuple[float | None, ...], text: str
) -> None:
    scores = [[0.5] * 3, [None if gain is None else 0.5 + gain for gain in gains]]
    said = confirmation_text(findings_of(made_results(scores)))
    assert said == f"On 3 new seeds the best trial is {text}"
