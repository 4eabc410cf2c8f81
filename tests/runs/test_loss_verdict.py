"""What a run's losses amount to: on made curves, with and without intervals over rows."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbuild.metrics.loss_parts import PARTS, interval_of_change
from rnnbuild.runs.history import HistoryLine
from rnnbuild.runs.loss_verdict import Kind, loss_verdict
from tests.runs.curves import BUMP, DIVERGING, HARD, NOISY, SPIKE, U_SHAPED, history_of


def kind_of(history: list[HistoryLine]) -> Kind | None:
    verdict = loss_verdict(history)
    return None if verdict is None else verdict.kind


@pytest.mark.parametrize("rows", [True, False], ids=["with rows", "curve alone"])
@pytest.mark.parametrize(
    ("validation", "kind"),
    [
        pytest.param(U_SHAPED, "overfitted", id="U-shaped"),
        pytest.param([1.0, 0.8, 0.7, 0.62, 0.55, 0.5], "falling", id="falling"),
        pytest.param(SPIKE, "overfitted", id="a spike, and then to 2.7 times its lowest"),
        pytest.param([0.9, *SPIKE], "overfitted", id="a fall, a spike, 2.7 times its lowest"),
        pytest.param([1.0, 0.7, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6], "settled", id="flat"),
        pytest.param([0.7, 0.65, 3.0, 1.2, 2.2, 1.1, 1.9], "overfitted", id="never back"),
        pytest.param([0.7, 0.65, 3.0, 1.2, 2.2, 0.9, 1.9], "open", id="back once"),
        pytest.param([1.0, 0.7, 0.6, 0.6, 0.6, 0.6, 0.6, 0.9], "open", id="a last bump"),
        pytest.param(SPIKE[:5], "open", id="a spike alone"),
    ],
)
def test_each_curve_has_its_verdict(validation: list[float], kind: Kind, rows: bool) -> None:
    assert kind_of(history_of(validation, rows=rows)) == kind


@pytest.mark.parametrize(
    "validation",
    [
        pytest.param(NOISY, id="0.2418 to 0.2503 in epoch 12 of 12"),
        pytest.param(BUMP, id="one bump"),
        pytest.param([0.6, 0.604, 0.603, 0.605, 0.6055], id="less than a hundredth"),
        pytest.param([0.5, 0.52, 0.5, 0.53, 0.505, 0.53, 0.52], id="up and down"),
    ],
)
def test_no_overfitting_is_shown_by_rows_alone(validation: list[float]) -> None:
    assert kind_of(history_of(validation)) == "settled"
    assert kind_of(history_of(validation, rows=False)) == "open"


def test_no_overfitting_takes_an_interval_that_excludes_a_tenth_of_the_lowest_loss() -> None:
    """Every second part changes by `apart` more: the interval is 0.36 of it wide on either side."""
    before = history_of([0.7, 0.6, 0.61])
    for apart, kind in ((0.1, "settled"), (0.2, "open")):
        signs = np.where(np.arange(PARTS) % 2, apart, -apart)
        parts = tuple(0.61 + HARD + signs)
        low, high = interval_of_change(before[1].validation_parts, parts)
        assert low < 0.01 < high
        assert (high < 0.06) == (kind == "settled")
        assert kind_of([*before[:2], replace(before[2], validation_parts=parts)]) == kind


def test_few_epochs_after_a_spike_show_no_overfitting() -> None:
    kinds = [kind_of(history_of(SPIKE[:epochs])) for epochs in range(4, len(SPIKE) + 1)]
    assert set(kinds) == {"open", "overfitted"}
    assert kinds[0] == "open" and kinds[-1] == "overfitted"


@pytest.mark.parametrize(("epochs", "most"), [(6, 0.14), (12, 0.03), (24, 0.01), (40, 0.01)])
def test_flat_curves_that_tremble_are_seldom_said_to_rise(epochs: int, most: float) -> None:
    """By 4 %, ten times what their rows leave open, where the curve alone has to say it."""
    generator = np.random.default_rng(epochs)
    curves = 1 + generator.normal(0, 0.04, (400, epochs))
    kinds = [kind_of(history_of([float(loss) for loss in curve])) for curve in curves]
    assert kinds.count("overfitted") <= 400 * most


@pytest.mark.parametrize("epochs", [8, 16, 40])
def test_a_loss_near_0_that_doubles_and_halves_is_seldom_said_to_rise(epochs: int) -> None:
    generator = np.random.default_rng(epochs)
    curves = 0.001 * np.exp(generator.normal(0, 0.7, (300, epochs)))
    kinds = [kind_of(history_of([float(loss) for loss in curve])) for curve in curves]
    assert kinds.count("overfitted") <= 300 * 0.03


@pytest.mark.parametrize(
    ("rates", "fell"),
    [([None] * 3, False), ([0.003] * 3, False), ([0.003, 0.002, 0.0015], True)],
)
def test_a_fall_knows_whether_the_learning_rate_fell(rates: list[float | None], fell: bool) -> None:
    history = [
        replace(line, learning_rate=rate)
        for line, rate in zip(history_of([1.0, 0.8, 0.6]), rates, strict=True)
    ]
    verdict = loss_verdict(history)
    assert verdict is not None and (verdict.kind, verdict.rate_fell) == ("falling", fell)


def test_two_epochs_tell_a_fall_by_their_rows_and_never_a_rise() -> None:
    assert kind_of(history_of([1.0, 0.6])) == "falling"
    assert kind_of(history_of([1.0, 0.6], rows=False)) == "settled"
    assert kind_of(history_of([0.6, 1.0])) == "open"
    assert kind_of(history_of([0.6, 1.0], rows=False)) == "open"


def test_three_epochs_above_the_lowest_are_a_rise_with_rows_and_four_without() -> None:
    three, four = [1.0, 0.6, 0.7, 0.8, 0.9], [1.0, 0.6, 0.7, 0.8, 0.9, 1.0]
    assert kind_of(history_of(three[:-1])) == "open"
    assert kind_of(history_of(three)) == "overfitted"
    assert kind_of(history_of(three, rows=False)) == "open"
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
        assert kind_of(history) in ("settled", "open")


@given(
    noise=st.lists(st.floats(-1, 1), min_size=len(U_SHAPED), max_size=len(U_SHAPED)),
    curve=st.sampled_from([U_SHAPED, [1.0, 0.8, 0.7, 0.62, 0.55, 0.5, 0.45]]),
)
def test_small_noise_changes_no_verdict(noise: list[float], curve: list[float]) -> None:
    """A hundredth of the loss's range is less than half of any rise that these curves keep."""
    noisy = [loss + 0.005 * each for loss, each in zip(curve, noise, strict=True)]
    assert kind_of(history_of(noisy)) == kind_of(history_of(curve))
