"""The health of sequences of numbers and their targets."""

import numpy as np

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.health_check import check
from rnnbuild.data.sequences.health import sequences_health
from tests.data.health.made import not_ok


def health(inputs, targets):
    return {finding.what: finding for finding in sequences_health(inputs, targets, DataConfig())}


def test_a_bundled_dataset_of_numbers_is_in_good_health(tmp_path):
    data = DataConfig(dataset="adding", size=2000, length=5)
    findings = {finding.what: finding for finding in check(data, tmp_path)}
    assert not_ok(findings) == {}
    assert {"rows", "duplicates", "constant columns", "drift"} <= findings.keys()


def test_sequences_that_repeat_and_targets_that_drift_are_warned_of():
    draw = np.random.default_rng(2)
    names = ("train", "validation", "test")
    inputs = {name: draw.normal(size=(200, 3, 2)) for name in names}
    targets = {name: draw.normal(size=(200, 1)) for name in names}
    assert not_ok(health(inputs, targets)) == {}
    inputs["train"][100:] = inputs["train"][:100]
    targets["test"] = targets["test"] + 3
    assert not_ok(health(inputs, targets)) == {"duplicates": "warning", "drift": "warning"}


def test_a_target_that_never_moves_is_a_failure():
    same = {name: np.ones((200, 1)) for name in ("train", "validation", "test")}
    inputs = {
        name: np.random.default_rng(2).normal(size=(200, 3, 2)) + number
        for number, name in enumerate(same)
    }
    findings = health(inputs, same)
    assert not_ok(findings) == {"constant columns": "failure", "drift": "unchecked"}
    assert findings["drift"].reason == "Not looked at, because no column changes in training."


def test_sequences_of_training_in_the_test_split_are_leakage():
    draw = np.random.default_rng(2)
    names = ("train", "validation", "test")
    inputs = {name: draw.normal(size=(200, 3, 2)) for name in names}
    targets = {name: draw.normal(size=(200, 1)) for name in names}
    inputs["test"][:7] = inputs["train"][:7]
    findings = health(inputs, targets)
    assert not_ok(findings) == {"leakage": "warning"}
    assert findings["leakage"].figures["test"]["count"] == 7
