"""A run says whether it overfitted, and since when."""

from dataclasses import replace

import pytest

from rnnbuild.runs.history import HistoryLine
from rnnbuild.wording.overfitting import HELPS, overfitting_of, remarks_on


def history_of(train: list[float], validation: list[float]) -> list[HistoryLine]:
    pairs = enumerate(zip(train, validation, strict=True), 1)
    return [
        HistoryLine(epoch=epoch, steps=epoch, train={"loss": left}, validation={"loss": right})
        for epoch, (left, right) in pairs
    ]


def test_a_validation_loss_that_rises_while_the_training_loss_falls_is_overfitting() -> None:
    history = history_of([1.0, 0.6, 0.4, 0.2, 0.1], [1.0, 0.7, 0.6, 0.7, 0.9])
    first, second = remarks_on(history, kept_epoch=5)
    assert first == (
        "Overfitted from epoch 4 on: since then the validation loss rose from 0.6000 to 0.9000, "
        "while the training loss fell from 0.4000 to 0.1000."
    )
    assert second == HELPS
    assert remarks_on(history, kept_epoch=3) == [
        first,
        "The weights that were kept are from before.",
        HELPS,
    ]


@pytest.mark.parametrize(
    ("train", "validation"),
    [
        ([1.0, 0.6, 0.4], [1.0, 0.7, 0.6]),
        ([1.0, 0.6, 0.4], [1.0, 0.6, 0.603]),
        # Divergence is not overfitting.
        ([1.0, 0.6, 2.4], [1.0, 0.6, 3.0]),
    ],
    ids=["still falling", "within chance", "both rise"],
)
def test_nothing_else_is_overfitting(train: list[float], validation: list[float]) -> None:
    history = history_of(train, validation)
    assert overfitting_of(history) is None
    assert remarks_on(history, kept_epoch=2) == [
        f"No overfitting in 3 epochs: the validation loss ended at {validation[-1]:.4f}, its "
        "lowest was 0.6000."
    ]


def test_evaluations_within_epochs_and_undefined_losses_do_not_count() -> None:
    history = history_of([1.0, 0.6, 0.4], [1.0, 0.7, 0.6])
    within = HistoryLine(epoch=4, steps=8, step=2, train={"loss": 0.1}, validation={"loss": 9.0})
    undefined = replace(within, step=None, validation={"loss": None})
    assert overfitting_of([*history, within, undefined]) is None


def test_one_epoch_or_no_validation_rows_say_nothing() -> None:
    assert remarks_on([], None) == []
    assert remarks_on(history_of([1.0], [1.0]), 1) == []
    assert remarks_on([HistoryLine(epoch=1, steps=1, train={"loss": 1.0})] * 3, 1) == []
