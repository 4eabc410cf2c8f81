"""The row of a run of a study: its variant, its seed, its score."""

import pytest

from rnnbuild.wording.layout import unpainted
from rnnbuild.wording.study_rows import RunLabel, study_row, study_rows

LABELS = [RunLabel(variant, seed) for seed in (1, 20) for variant in ("cell=gru", "cell=lstm")]


def lines(score: float | None, epoch: int | None = None, width: int | None = None) -> list[str]:
    table = study_rows("validation", "macro F1", LABELS, width)
    row = study_row("3/4", LABELS[2], 61.0, score, epoch)
    return [*table.header(unpainted), *table.row(row, unpainted)]


def test_a_run_is_a_row_with_the_epoch_whose_weights_were_kept_and_its_time() -> None:
    assert lines(0.84, epoch=3) == [
        "                      validation",
        "run  variant    seed    macro F1  epoch   time",
        "3/4  cell=gru     20      0.8400      3   1:01",
    ]


def test_a_score_without_a_value_says_so() -> None:
    assert lines(None)[-1].split() == ["3/4", "cell=gru", "20", "undefined", "1:01"]


@pytest.mark.parametrize("width", range(24, 201))
def test_no_number_is_cut_in_any_width(width: int) -> None:
    shown = lines(20341.93, 123, width)
    assert {"3/4", "cell=gru", "20", "20,341.93"} <= {*" ".join(shown).split()}
    assert max(map(len, shown[2:])) <= width
