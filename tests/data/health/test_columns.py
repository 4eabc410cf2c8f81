"""The health of columns of numbers: outliers and what hardly moves."""

import numpy as np
import pytest

from rnnbuild.data.health.columns import constant_columns, drift, outliers, robust_z

DRAW = np.random.default_rng(5)
STEADY = DRAW.normal(size=(400, 2))
NAMES = ("one", "two")
SPLITS = {"train": STEADY[:300], "validation": STEADY[300:350], "test": STEADY[350:]}


def place(split, step):
    return f"{split} {step}"


def test_robust_z_of_normal_values_is_their_distance_in_deviations():
    values = np.random.default_rng(1).normal(7, 3, size=(20_000, 1))
    np.testing.assert_allclose(robust_z(values), np.abs(values - 7) / 3, rtol=0.05, atol=0.1)


def test_robust_z_of_a_column_that_hardly_moves_is_finite():
    values = np.zeros((100, 2))
    values[3, 0] = 5
    z = robust_z(values)
    assert z[3, 0] > 10
    assert np.count_nonzero(z) == 1


def test_outliers_are_counted_and_the_farthest_is_named_first():
    assert outliers(SPLITS, NAMES, place).level == "ok"
    values = {name: split.copy() for name, split in SPLITS.items()}
    values["train"][7, 1] = 50
    values["test"][2, 0] = -999
    result = outliers(values, NAMES, place)
    assert result.level == "warning"
    assert result.reason.index("`one` at test 2") < result.reason.index("`two` at train 7")
    counts = {name: result.figures[name]["count"] for name in SPLITS}
    assert counts == {"train": 1, "validation": 0, "test": 1}


@pytest.mark.parametrize(
    ("change", "level"),
    [
        (lambda test: test, "ok"),
        (lambda test: test + np.array([0, 0.7]), "ok"),
        (lambda test: test + np.array([0, 2.0]), "warning"),
        (lambda test: test * [1, 4], "warning"),
        (lambda test: test * [1, 0.1], "warning"),
    ],
)
def test_drift_is_given_in_deviations_of_training(change, level):
    test = change(SPLITS["test"])
    result = drift({**SPLITS, "test": test}, NAMES, remedy="Fix it.")
    assert result.level == level
    assert ("`two` in test" in result.reason) == (level == "warning")
    train = SPLITS["train"][:, 1]
    figures = result.figures["test"]["two"]
    assert figures["shift"] == pytest.approx((test[:, 1].mean() - train.mean()) / train.std())
    assert figures["spread"] == pytest.approx(test[:, 1].std() / train.std())


def test_what_is_wrong_with_other_splits_stays_a_warning_where_one_is_too_short():
    few = {**SPLITS, "validation": SPLITS["validation"] + 100, "test": SPLITS["test"][:5]}
    finding = drift(few, NAMES, remedy="Fix it.")
    assert finding.level == "warning"
    assert "Not looked at: test" in finding.reason


def test_without_a_split_to_compare_drift_is_not_looked_at():
    nothing = dict.fromkeys(("validation", "test"), STEADY[:0])
    finding = drift({"train": STEADY, **nothing}, NAMES, remedy="Fix it.")
    assert finding.level == "unchecked"
    assert finding.reason == (
        "Not looked at, because validation has 0 steps and test has 0 steps, and it needs 20."
    )


def test_too_few_steps_tell_no_drift_and_no_outliers():
    few = {**SPLITS, "test": SPLITS["test"][:5] + 100}
    for finding in (drift(few, NAMES, remedy="Fix it."), outliers(few, NAMES, place)):
        assert finding.level == "unchecked"
        assert "test" not in finding.figures
        assert finding.reason.endswith(" Not looked at: test, because it has 5 steps and needs 20.")
        assert finding.figures["not_looked_at"].keys() == {"test"}


def test_a_column_that_never_moves_is_a_failure_where_it_is_the_target():
    values = STEADY.copy()
    assert constant_columns(values, NAMES, ["one"]).level == "ok"
    values[:, 1] = 4
    assert constant_columns(values, NAMES, ["one"]).level == "warning"
    failure = constant_columns(values, NAMES, ["one", "two"])
    assert failure.level == "failure"
    assert failure.figures == {"columns": ["two"]}
    assert drift({"train": values, "test": values + 100}, ("one", "two"), "").figures[
        "test"
    ].keys() == {"one"}
