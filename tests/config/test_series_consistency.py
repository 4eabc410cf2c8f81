"""Keys of a series that contradict each other or the data are told."""

import pytest

from rnnbuild.config.load import config_of
from rnnbuild.errors import ConfigError

MODEL = {"layers": [{"cell": "gru", "units": 2}]}


def config(**data):
    return config_of({"data": data, "model": MODEL})


def test_every_key_of_a_series_is_read():
    data = config(
        train="a.csv",
        date="when",
        date_format="%Y",
        columns=["a", "b"],
        targets=["a"],
        window=24,
        horizon=3,
        transform=["log", "difference", {"seasonal_difference": 12}, "standardise"],
        subtract="last",
        segment=12,
        gaps="forward",
        season=12,
        report="standardised",
        split={"train": 100, "validation": 0.1, "test": 12},
    ).data
    assert data.is_series
    assert data.transform[2].seasonal_difference == 12


CONTRADICTIONS = [
    ({"window": 5, "text": "a"}, "`text` is for text"),
    ({"window": 5, "max_length": 3}, "`max_length` is for text"),
    ({"window": 10, "segment": 4}, "not a whole number of segments of 4"),
    ({"columns": ["a", "a"]}, "`columns` names `a` twice"),
    (
        {"columns": ["a", "b"], "targets": ["a"], "channel_independent": True},
        "`targets` are not the `columns`",
    ),
    ({"window": 5, "split": {"seed": 3}}, "split in order of time"),
    ({"split": {"train": 5}}, "`train` is for series"),
    ({"transform": ["lag"]}, "lag"),
    ({"transform": [{"seasonal_difference": 1}]}, "seasonal_difference"),
    ({"transform": [{"seasonal": 12}]}, "seasonal"),
    ({"window": 0}, "window"),
]


def test_a_bundled_series_has_its_dates_and_gaps_already():
    for key in ("date", "date_format", "gaps"):
        with pytest.raises(ConfigError, match=f"`{key}` belongs to files"):
            config(dataset="co2", **{key: "ignore"})


@pytest.mark.parametrize(("keys", "expected"), CONTRADICTIONS)
def test_what_contradicts_is_reported(keys, expected):
    with pytest.raises(ConfigError, match=expected):
        config(train="a.csv", **keys)
