"""Settings of text that is written: values of any type, in range or not."""

from typing import Any

import numpy as np
import pytest

from rnnbuild.errors import ArgumentError
from rnnbuild.inference.generation.settings import text_settings


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"length": "5"}, "the length is '5', and not a whole number"),
        ({"length": 2.5}, "the length is 2.5, and not a whole number"),
        ({"length": True}, "the length is True, and not a whole number"),
        ({"length": 2**63}, "the most is 9,223,372,036,854,775,807 tokens"),
        ({"top_k": 2.0}, "the top-k is 2.0, and not a whole number"),
        ({"seed": "x"}, "the seed is 'x', and not a whole number"),
        ({"temperature": "hot"}, "the temperature is 'hot', and not a number"),
        ({"top_p": [0.5]}, r"the top-p is \[0.5\], and not a number"),
        ({"stop": 5}, "`stop` is 5, and not a text"),
        ({"stop": None}, "`stop` is None, and not a text"),
        ({"stop": b"a"}, "`stop` is b'a', and not a text"),
        ({"stop": [5]}, "a stop text is 5, and not a text"),
    ],
)
def test_values_of_other_types_are_refused(keys: dict[str, Any], said: str) -> None:
    with pytest.raises(ArgumentError, match=said):
        text_settings(**keys)


def test_numbers_of_numpy_are_numbers() -> None:
    settings = text_settings(length=np.int64(5), temperature=np.float32(0.5), seed=np.int32(1))
    assert settings.length == 5
