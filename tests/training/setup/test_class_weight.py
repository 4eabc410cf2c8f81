"""Class weights are scikit-learn's `balanced`, or as stated."""

import numpy as np
import pytest
from sklearn.utils.class_weight import compute_class_weight

from rnnbuild.errors import ConfigError
from rnnbuild.training.setup.class_weight import class_weights_of
from tests.training.small_runs import prepared_with, values_with


def test_balanced_is_scikit_learns() -> None:
    _, prepared = prepared_with(values_with(class_weight="balanced"))
    targets = prepared.data.train.targets
    expected = compute_class_weight("balanced", classes=np.unique(targets), y=targets)
    weights = class_weights_of(prepared.resolved, prepared.data.train)
    np.testing.assert_allclose(weights, expected, rtol=1e-6)


def test_labels_that_are_not_stated_count_one() -> None:
    _, prepared = prepared_with(values_with(class_weight={"RIVER": 3.0}))
    weights = class_weights_of(prepared.resolved, prepared.data.train)
    assert weights is not None
    by_label = dict(zip(prepared.data.facts.labels, weights.tolist(), strict=True))
    assert by_label == {"O": 1.0, "RIVER": 3.0, "COMPANY": 1.0}


def test_a_label_that_the_data_lacks_is_refused() -> None:
    with pytest.raises(ConfigError) as caught:
        prepared_with(values_with(class_weight={"RIVERS": 3.0}))
    (problem,) = caught.value.problems
    assert problem.message == ("the training data has no label `RIVERS` (did you mean `RIVER`?)")
