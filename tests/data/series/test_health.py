"""Each finding of a series, provoked by a small file and absent from one in good health."""

from datetime import date, timedelta

import numpy as np
import pytest

from tests.data.health.made import findings_of, not_ok, write

STEPS = 400
NOISE = np.random.default_rng(3).normal(10, 1, size=(STEPS, 2))
DAYS = [str(date(2020, 1, 1) + timedelta(days=day)) for day in range(STEPS)]


def table(folder, values=NOISE, skipped=(), days=DAYS):
    """A file of a day a row."""
    rows = [
        (day, *(f"{value:.6f}" for value in row))
        for number, (day, row) in enumerate(zip(days, values.tolist(), strict=True))
        if number not in skipped
    ]
    return write(folder, "series.csv", rows, ("date", "one", "two"))


def health(folder, values=NOISE, skipped=(), days=DAYS, **data):
    file = table(folder, values, skipped, days)
    return findings_of(folder, **({"train": file, "window": 7} | data))


def changed(rows, column, value):
    values = NOISE.copy()
    values[rows, column] = value
    return values


def test_nothing_is_wrong_with_a_sound_series(tmp_path):
    findings = health(tmp_path)
    assert not_ok(findings) == {}
    assert (
        "400 steps from 2020-01-01 to 2021-02-03 by `date`, one for each day"
        in findings["steps"].reason
    )
    assert findings["windows"].figures["windows"] == {"train": 313, "validation": 40, "test": 40}


def test_a_missing_day_is_a_failure_by_its_place_until_a_rule_is_stated(tmp_path):
    findings = health(tmp_path, skipped=(5, 6))
    assert not_ok(findings) == {"reading": "failure", "all else": "unchecked"}
    reason = findings["reading"].reason
    assert reason.startswith(f"{tmp_path / 'series.csv'}:7:")
    assert "2 steps (day) are missing" in reason


def test_missing_days_that_are_filled_are_counted(tmp_path):
    findings = health(tmp_path, skipped=(5, 6), gaps="forward")
    assert not_ok(findings) == {"reading": "warning"}
    assert findings["steps"].figures == {"steps": 400, "dates": ["date"], "filled": 2}


def test_days_that_are_ignored_are_counted_too(tmp_path):
    findings = health(tmp_path, skipped=(5, 6, 50), gaps="ignore")
    assert not_ok(findings) == {"steps": "warning"}
    assert findings["steps"].figures == {"steps": 397, "dates": ["date"], "filled": 0, "uneven": 2}


def test_rows_without_dates_are_steps(tmp_path):
    rows = [tuple(f"{value:.6f}" for value in row) for row in NOISE.tolist()]
    file = write(tmp_path, "series.csv", rows, ("one", "two"))
    findings = findings_of(tmp_path, train=file, window=7)
    assert not_ok(findings) == {"season": "unchecked"}
    assert "without dates" in findings["steps"].reason


def test_a_value_far_off_is_an_outlier_by_its_date(tmp_path):
    findings = health(tmp_path, changed([8], 1, -9999))
    assert findings["outliers"].level == "warning"
    assert "`two` at 2020-01-09" in findings["outliers"].reason


def test_a_trend_drifts_and_its_differences_do_not(tmp_path):
    values = NOISE + np.arange(STEPS)[:, None]
    assert not_ok(health(tmp_path, values)) == {"drift": "warning"}
    assert not_ok(health(tmp_path, values, transform=["difference", "standardise"])) == {}
    assert not_ok(health(tmp_path, values, subtract="last")) == {}


def test_a_spread_that_grows_drifts_however_it_is_subtracted(tmp_path):
    values = NOISE.copy()
    values[320:] = 10 + (values[320:] - 10) * 4
    findings = health(tmp_path, values, subtract="last")
    assert findings["drift"].level == "warning"
    assert findings["drift"].figures["test"]["one"]["spread"] > 2


@pytest.mark.parametrize(("targets", "level"), [(["one"], "warning"), (["two"], "failure")])
def test_a_column_that_never_changes_in_training_is_found(tmp_path, targets, level):
    findings = health(tmp_path, changed(slice(0, 360), 1, 3.0), targets=targets)
    assert findings["constant columns"].level == level


@pytest.mark.parametrize(("window", "level"), [(40, "ok"), (41, "warning"), (170, "warning")])
def test_a_window_longer_than_its_split_is_warned_of(tmp_path, window, level):
    assert health(tmp_path, window=window)["windows"].level == level


def test_a_window_that_does_not_fit_into_training_at_all_is_a_failure(tmp_path):
    findings = health(tmp_path, window=330)
    assert not_ok(findings) == {"reading": "failure", "all else": "unchecked"}
    assert "none of its windows fits" in findings["reading"].reason
    assert findings["reading"].remedy.startswith("Shorten `data.window`")


def test_no_step_to_test_on_is_warned_of(tmp_path):
    findings = health(tmp_path, split={"validation": 40, "test": 0})
    assert not_ok(findings) == {"windows": "warning"}


def test_steps_that_are_not_used_are_reported(tmp_path):
    findings = health(tmp_path, split={"train": 200, "validation": 50, "test": 50})
    assert not_ok(findings) == {}
    assert "last 100 of 400 steps" in findings["left out"].reason
