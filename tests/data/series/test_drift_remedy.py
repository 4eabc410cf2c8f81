"""What is advised against drift is what `data.transform` does not do yet."""

import numpy as np
import pytest

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.series.health import remedy_for_drift

POSITIVE, SIGNED = np.array([[1.0], [2.0]]), np.array([[-1.0], [2.0]])
LEVEL = "the level with `difference` in `data.transform` or `data.subtract: last`"
SPREAD = "an uneven spread with `log`"


@pytest.mark.parametrize(
    ("data", "values", "remedy"),
    [
        ({}, POSITIVE, f"Remove {LEVEL}, {SPREAD}."),
        ({}, SIGNED, f"Remove {LEVEL}."),
        ({"transform": ["log"]}, POSITIVE, f"Remove {LEVEL}."),
        ({"transform": ["difference"]}, POSITIVE, f"Remove {SPREAD}."),
        ({"subtract": "last"}, POSITIVE, f"Remove {SPREAD}."),
        (
            {"transform": ["log", "difference", "standardise"]},
            POSITIVE,
            "Read scores with that in mind: the series has changed since training.",
        ),
    ],
)
def test_what_is_done_already_is_not_advised(data, values, remedy):
    assert remedy_for_drift(DataConfig.model_validate(data), values) == remedy
