"""What is said of a run's losses."""

from dataclasses import replace

import numpy as np

from rnnbuild.runs.history import HistoryLine
from rnnbuild.runs.loss_verdict import loss_verdict
from rnnbuild.wording.loss_verdict import (
    BARELY,
    HELPS,
    HELPS_DIVERGED,
    MORE_EPOCHS,
    STARTS,
    sentences,
    too_few_epochs,
)
from tests.runs.curves import DIVERGING, NOISY, U_SHAPED, history_of

FEW = "whole epoch, too few to say whether it overfits or would learn more."
SLOW = [1.0, 0.99, 0.975, 0.96, 0.94, 0.91]


def test_what_is_too_short_for_a_verdict_says_so() -> None:
    whole = history_of([1.0])
    within = replace(whole[0], step=1)
    assert too_few_epochs(whole) == [f"The run has 1 {FEW}"]
    assert too_few_epochs([within, *whole]) == [f"The run has 1 {FEW}"]
    assert too_few_epochs([within]) == [f"The run has no {FEW}"]
    assert too_few_epochs([HistoryLine(epoch=1, steps=1, train={"loss": 1.0})]) == []
    assert too_few_epochs([]) == []


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
    assert said_of(history, beats=False) == said_of(history)
    barely = said_of(history_of(SLOW), beats=False)
    assert barely[0].startswith("The run has barely started: its validation loss was still falling")
    assert barely[1] == BARELY


def test_a_higher_learning_rate_is_advised_where_no_schedule_lowered_it() -> None:
    """The loss falls to 0.91 of its first; a cosine schedule ended near 0."""
    rates = 0.003 * np.linspace(1, 1e-3, len(SLOW))
    cosine = [
        replace(line, learning_rate=float(rate))
        for line, rate in zip(history_of(SLOW), rates, strict=True)
    ]
    assert said_of(cosine, beats=False)[1] == "More epochs come first."
    steady = [replace(line, learning_rate=0.003) for line in cosine]
    assert said_of(steady, beats=False)[1] == BARELY


def test_no_overfitting_is_said_with_its_interval() -> None:
    (said,) = said_of(history_of(NOISY))
    assert said.startswith(
        "No overfitting in 12 epochs: the validation loss ended at 0.2503, its lowest was 0.2418 "
        "(95 % interval of the difference +0.00"
    )
    assert said_of(history_of([0.6, 0.6, 0.598], rows=False)) == [
        "No overfitting in 3 epochs: the validation loss ended at its lowest, 0.5980."
    ]


def test_what_is_not_shown_is_said_with_the_number_of_rows() -> None:
    history = history_of([0.6628, 0.9, 1.9331], rows=False)
    verdict = loss_verdict(history)
    assert verdict is not None
    said = (
        "Whether it overfitted is not shown: the validation loss ended at 1.9331, its lowest was "
        "0.6628"
    )
    assert sentences(verdict, 1, True) == [f"{said}."]
    assert sentences(verdict, 1, True, rows="6 validation examples") == [
        f"{said}, over 6 validation examples."
    ]
    (short,) = said_of(history_of([0.6628, 0.9, 1.9331]))
    assert short.startswith(f"{said} (95 % interval of the difference +1.2")
    assert short.endswith("); the epochs are too few or too uneven.")


def test_every_sentence_is_known_by_its_start() -> None:
    histories = [
        history_of(U_SHAPED),
        history_of(DIVERGING, [1.0, 0.6, 0.9, 1.4, 2.4]),
        history_of([1.0, 0.8, 0.7, 0.62, 0.55, 0.5]),
        history_of(NOISY),
        history_of(NOISY, rows=False),
        history_of(SLOW),
    ]
    for history in histories:
        for beats in (True, False):
            assert all(text.startswith(STARTS) for text in said_of(history, 1, beats))
