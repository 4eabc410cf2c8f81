"""What a run's losses amount to: on made curves, with and without intervals over rows."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbuild.metrics.loss_parts import PARTS, interval_of_change
from rnnbuild.runs.history import HistoryLine
from rnnbuild.wording.loss_verdict import (
    BARELY,
    HELPS,
    HELPS_DIVERGED,
    MORE_EPOCHS,
    STARTS,
    Kind,
    loss_verdict,
    sentences,
    too_few_epochs,
)

FEW = "whole epoch, too few to say whether it overfits or would learn more."
HARD = np.linspace(-0.15, 0.15, PARTS)
"""How much harder than the mean each part of the validation rows is, in any epoch."""
TREMBLE = 0.001 * np.where(np.arange(PARTS) % 2, 1.0, -1.0)


def history_of(
    validation: list[float], train: list[float] | None = None, rows: bool = True
) -> list[HistoryLine]:
    """A history whose training loss falls, unless given; with the losses of parts of the rows."""
    falling = [1.0 - 0.9 * epoch / len(validation) for epoch in range(len(validation))]
    pairs = enumerate(zip(train or falling, validation, strict=True), 1)
    return [
        HistoryLine(
            epoch=epoch,
            steps=epoch,
            train={"loss": left},
            validation={"loss": right},
            # Parts change nearly alike: every part trembles a little, each epoch otherwise.
            validation_parts=tuple(right + HARD + epoch * TREMBLE) if rows else None,
        )
        for epoch, (left, right) in pairs
    ]


def kind_of(history: list[HistoryLine]) -> Kind | None:
    verdict = loss_verdict(history)
    return None if verdict is None else verdict.kind


U_SHAPED = [1.0, 0.7, 0.6, 0.65, 0.72, 0.8, 0.9]
BUMP = [1.0, 0.7, 0.6, 0.9, 0.6, 0.595, 0.597, 0.596]
NOISY = [0.90, 0.40, 0.26, 0.2418, 0.2431, 0.2440, 0.2425, 0.2452, 0.2429, 0.2447, 0.2418, 0.2503]
DIVERGING = [1.0, 0.6, 0.9, 1.5, 3.0]


@pytest.mark.parametrize("rows", [True, False], ids=["with rows", "curve alone"])
@pytest.mark.parametrize(
    ("validation", "kind"),
    [
        pytest.param(U_SHAPED, "overfitted", id="U-shaped"),
        pytest.param([1.0, 0.8, 0.7, 0.62, 0.55, 0.5], "falling", id="falling"),
        pytest.param(NOISY, "settled", id="0.2418 to 0.2503 in epoch 12 of 12"),
        pytest.param(BUMP, "settled", id="one bump"),
        pytest.param([1.0, 0.7, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6], "settled", id="flat"),
        pytest.param([1.0, 0.7, 0.6, 0.6, 0.6, 0.6, 0.6, 0.9], "settled", id="a last bump"),
        pytest.param([0.6, 0.604, 0.603, 0.605, 0.6055], "settled", id="less than a hundredth"),
        pytest.param([0.5, 0.52, 0.5, 0.53, 0.505, 0.53, 0.52], "settled", id="up and down"),
    ],
)
def test_each_curve_has_its_verdict(validation: list[float], kind: Kind, rows: bool) -> None:
    assert kind_of(history_of(validation, rows=rows)) == kind


def test_two_epochs_tell_a_fall_by_their_rows_and_never_a_rise() -> None:
    assert kind_of(history_of([1.0, 0.6])) == "falling"
    assert kind_of(history_of([1.0, 0.6], rows=False)) == "settled"
    assert kind_of(history_of([0.6, 1.0])) == "settled"
    assert kind_of(history_of([0.6, 1.0], rows=False)) == "settled"


def test_three_epochs_above_the_lowest_are_a_rise_with_rows_and_four_without() -> None:
    three, four = [1.0, 0.6, 0.7, 0.8, 0.9], [1.0, 0.6, 0.7, 0.8, 0.9, 1.0]
    assert kind_of(history_of(three[:-1])) == "settled"
    assert kind_of(history_of(three)) == "overfitted"
    assert kind_of(history_of(three, rows=False)) == "settled"
    assert kind_of(history_of(four, rows=False)) == "overfitted"


def test_where_the_training_loss_rises_too_it_is_divergence_and_not_overfitting() -> None:
    train = [1.0, 0.6, 0.9, 1.4, 2.4]
    assert kind_of(history_of(DIVERGING, train)) == "diverged"
    assert kind_of(history_of(DIVERGING)) == "overfitted"


def test_undefined_losses_and_evaluations_within_epochs_do_not_count() -> None:
    history = history_of(U_SHAPED)
    undefined = replace(history[-1], epoch=8, validation={"loss": None}, validation_parts=None)
    within = replace(history[0], epoch=8, step=2, validation={"loss": 0.1})
    assert loss_verdict([*history, within, undefined]) == loss_verdict(history)
    assert loss_verdict([undefined] * 5) is None


def test_what_is_too_short_for_a_verdict_says_so() -> None:
    whole = history_of([1.0])
    within = replace(whole[0], step=1)
    assert too_few_epochs(whole) == [f"The run has 1 {FEW}"]
    assert too_few_epochs([within, *whole]) == [f"The run has 1 {FEW}"]
    assert too_few_epochs([within]) == [f"The run has no {FEW}"]
    assert too_few_epochs([HistoryLine(epoch=1, steps=1, train={"loss": 1.0})]) == []
    assert too_few_epochs([]) == []


def test_one_epoch_or_no_validation_rows_have_no_verdict() -> None:
    assert loss_verdict([]) is None
    assert loss_verdict(history_of([1.0])) is None
    assert loss_verdict([HistoryLine(epoch=1, steps=1, train={"loss": 1.0})] * 3) is None


@given(
    seed=st.integers(0, 2**32 - 1),
    epochs=st.integers(2, 30),
    size=st.floats(1e-4, 1.0),
)
def test_noise_within_the_interval_never_makes_a_verdict(
    seed: int, epochs: int, size: float
) -> None:
    """Each epoch's loss changes by less than its rows leave open: nothing is said of it."""
    generator = np.random.default_rng(seed)
    parts = 0.5 + HARD + size * generator.normal(0, 0.1, (epochs, PARTS))
    means = parts.mean(axis=1)
    validation = [float(mean) for mean in means]
    open_to_chance = all(
        low <= 0 <= high
        for before in range(epochs)
        for after in range(before)
        for low, high in [interval_of_change(parts[before], parts[after])]
    )
    history = [
        replace(line, validation_parts=tuple(part))
        for line, part in zip(history_of(validation), parts, strict=True)
    ]
    if open_to_chance:
        assert kind_of(history) == "settled"


@given(
    noise=st.lists(st.floats(-1, 1), min_size=len(U_SHAPED), max_size=len(U_SHAPED)),
    curve=st.sampled_from([U_SHAPED, [1.0, 0.8, 0.7, 0.62, 0.55, 0.5, 0.45]]),
)
def test_small_noise_changes_no_verdict(noise: list[float], curve: list[float]) -> None:
    """A hundredth of the loss's range is less than half of any rise that these curves keep."""
    noisy = [loss + 0.005 * each for loss, each in zip(curve, noise, strict=True)]
    assert kind_of(history_of(noisy)) == kind_of(history_of(curve))


def said_of(history: list[HistoryLine], kept: int | None = None, beats: bool = True) -> list[str]:
    return sentences(loss_verdict(history), kept, beats)


def test_overfitting_is_said_with_its_interval_and_what_helps() -> None:
    first, *others = said_of(history_of(U_SHAPED), kept=7)
    assert first.startswith(
        "Overfitted from epoch 4 on: since then the validation loss rose from 0.6000 to 0.9000 "
        "(95 % interval of the difference +0.2"
    )
    assert first.endswith("while the training loss fell from 0.7429 to 0.2286.")
    assert others == [HELPS]
    assert "early" not in HELPS
    alone = said_of(history_of(U_SHAPED, rows=False), kept=7)
    assert "rose from 0.6000 to 0.9000, while" in alone[0]


def test_weights_from_before_the_rise_are_said_to_be_so() -> None:
    assert said_of(history_of(U_SHAPED), kept=3)[1] == "The weights that were kept are from before."
    assert len(said_of(history_of(U_SHAPED), kept=4)) == 2


def test_divergence_has_other_help() -> None:
    first, second = said_of(history_of(DIVERGING, [1.0, 0.6, 0.9, 1.4, 2.4]))
    assert first.startswith("Diverged from epoch 3 on: since then the validation loss rose")
    assert first.endswith("and the training loss from 0.6000 to 2.4000.")
    assert second == HELPS_DIVERGED


def test_a_fall_is_said_to_go_on_or_to_have_barely_started() -> None:
    history = history_of([1.0, 0.8, 0.7, 0.62, 0.55, 0.5], rows=False)
    assert said_of(history) == [
        "The validation loss was still falling in epoch 6 of 6: from 0.5500 to 0.5000 since epoch "
        "5.",
        MORE_EPOCHS,
    ]
    barely = said_of(history, beats=False)
    assert barely[0].startswith("The run has barely started: its validation loss was still falling")
    assert barely[1] == BARELY


def test_what_is_settled_is_no_overfitting() -> None:
    assert said_of(history_of(NOISY)) == [
        "No overfitting in 12 epochs: the validation loss ended at 0.2503, its lowest was 0.2418."
    ]


def test_every_sentence_is_known_by_its_start() -> None:
    histories = [
        history_of(U_SHAPED),
        history_of(DIVERGING, [1.0, 0.6, 0.9, 1.4, 2.4]),
        history_of([1.0, 0.8, 0.7, 0.62, 0.55, 0.5]),
        history_of(NOISY),
    ]
    for history in histories:
        for beats in (True, False):
            assert all(text.startswith(STARTS) for text in said_of(history, 1, beats))
