"""The row of a trial: its score, the values that were searched, and what became of it."""

import pytest

from rnnbuild.runs.search.trials_file import EpochScore, Trial
from rnnbuild.wording.layout import unpainted
from rnnbuild.wording.trial_rows import trial_row, trial_rows
from tests.wording.test_search import TRIALS, plan, trial


def lines(
    ended: Trial, seconds: float | None = 3.2, best: bool = False, width: int = 80
) -> list[str]:
    table = trial_rows(plan(), width)
    row = trial_row(plan(), ended, seconds, best)
    return [*table.header(unpainted), *table.row(row, unpainted)]


def test_a_trial_is_a_row_with_a_column_for_each_key_that_is_searched() -> None:
    assert lines(TRIALS[1], best=True) == [
        "       validation",
        "trial    macro F1  epochs  learning_rate  cell   time",
        " 2/20      0.9000       2       0.001235   gru  3.2 s  best",
    ]


@pytest.mark.parametrize(
    ("ended", "became"),
    [
        (TRIALS[0], ""),
        (TRIALS[3], "pruned"),
        (trial(6, 0.9, same_as=2), "as trial 2"),
    ],
    ids=["done", "pruned", "repeated"],
)
def test_the_row_ends_with_what_became_of_the_trial(ended: Trial, became: str) -> None:
    assert lines(ended)[-1].partition("3.2 s")[2].strip() == became


def test_a_trial_that_was_not_trained_again_has_no_time() -> None:
    assert " s" not in lines(trial(6, 0.9, same_as=2), seconds=None)[-1]


@pytest.mark.parametrize("width", range(24, 201))
def test_no_number_is_cut_in_any_width(width: int) -> None:
    scores = tuple(EpochScore(epoch=epoch, value=0.123456) for epoch in range(1, 1235))
    shown = " ".join(lines(trial(17, 123456.789, scores=scores), width=width)).split()
    assert {"17/20", "123,456.79", "0.001235", "gru"} <= {*shown}
