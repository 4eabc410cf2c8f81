"""A series as windows and back, with nothing of the test split in what is fitted."""

import json

import numpy as np
import pytest

from rnnbuild.config.schema.data import DataConfig, SplitConfig
from rnnbuild.config.schema.series import SeasonalDifference
from rnnbuild.data.codecs import codec_from_json
from rnnbuild.data.kind.loaded import Loaded
from rnnbuild.data.load import load_data
from rnnbuild.errors import DataError
from rnnbuild.inference.decoding.table import decoder_of
from rnnbuild.inference.details import details_of
from rnnbuild.metrics.tasks import scores

SEASON = SeasonalDifference(seasonal_difference=12)
CHAINS = [
    {"transform": ("log", "difference", SEASON, "standardise"), "horizon": 1},
    {"transform": ("standardise", SEASON), "horizon": 15},
    {"transform": ("standardise",), "subtract": "last", "horizon": 4},
    {"transform": ("log", "standardise"), "subtract": "mean", "segment": 3, "horizon": 4},
    {"transform": ("standardise",), "channel_independent": True, "horizon": 3},
    {
        "transform": ("difference",),
        "channel_independent": True,
        "subtract": "last",
        "segment": 6,
        "horizon": 3,
    },
    {"transform": (), "columns": ("b", "a"), "targets": ("a",), "horizon": 2},
    {"transform": ("standardise",), "columns": ("b",), "targets": ("a",), "subtract": "last"},
]


@pytest.fixture
def folder(tmp_path):
    generator = np.random.default_rng(1)
    months = np.arange("2000-01", "2012-07", dtype="datetime64[M]")
    trend = np.exp(np.arange(len(months)) / 100)
    a, b = (trend * generator.uniform(8, 12, len(months)) for _ in range(2))
    rows = [f"{month},{x:.6f},{y:.6f}" for month, x, y in zip(months, a, b, strict=True)]
    (tmp_path / "s.csv").write_text("\n".join(["month,a,b", *rows]))
    return tmp_path


def loaded(folder, **keys) -> Loaded:
    split = SplitConfig(validation=20, test=30)
    return load_data(DataConfig(train="s.csv", window=12, split=split, **keys), folder)


@pytest.mark.parametrize("keys", CHAINS)
def test_perfect_outputs_are_inverted_to_the_very_values_of_the_file(keys, folder):
    data = loaded(folder, **keys)
    for split in ("train", "validation", "test"):
        windows = data.split(split)
        answers = decoder_of(data.codec).answers(windows, windows.targets)
        np.testing.assert_allclose(answers.predictions, answers.targets, rtol=2e-5)
    table = np.loadtxt(folder / "s.csv", delimiter=",", skiprows=1, usecols=(1, 2))
    columns = ["ab".index(name) for name in data.codec.targets]
    horizon = keys.get("horizon", 1)
    first = table[120 : 120 + horizon][:, columns].ravel()
    np.testing.assert_allclose(
        decoder_of(data.codec).answers(data.test, data.test.targets).targets[0], first
    )


@pytest.mark.parametrize("keys", CHAINS)
def test_no_number_of_the_test_split_reaches_training(keys, folder):
    before = loaded(folder, **keys)
    lines = (folder / "s.csv").read_text().splitlines()
    spoilt = [f"{line.split(',')[0]},1000,1e6" for line in lines[121:]]
    (folder / "s.csv").write_text("\n".join([*lines[:121], *spoilt]))
    after = loaded(folder, **keys)
    for split in ("train", "validation"):
        first, second = before.split(split), after.split(split)
        np.testing.assert_array_equal(first.targets, second.targets)
        # Overlapping windows share one table of values, of which a split reads its own part.
        for row in range(len(first)):
            start, end = first.starts[row], first.starts[row] + first.lengths[row]
            if len(first.values) == len(second.values):
                np.testing.assert_array_equal(first.values[start:end], second.values[start:end])
    assert before.codec.transforms.names == after.codec.transforms.names
    for ours, theirs in zip(
        before.codec.transforms.steps, after.codec.transforms.steps, strict=True
    ):
        if hasattr(ours, "mean"):
            np.testing.assert_array_equal(ours.mean, theirs.mean)
            np.testing.assert_array_equal(ours.deviation, theirs.deviation)
    np.testing.assert_array_equal(before.codec.units.mean, after.codec.units.mean)
    np.testing.assert_array_equal(before.codec.scale, after.codec.scale)


@pytest.mark.parametrize("keys", CHAINS)
def test_a_saved_codec_forecasts_from_the_end_as_the_whole_series_does(keys, folder):
    data = loaded(folder, **keys)
    codec = codec_from_json(data.codec.to_json())
    assert codec.to_json() == data.codec.to_json()
    series = codec.read(folder / "s.csv")
    rows = []
    for given in (codec.end, series):
        window = codec.last_window(given)
        outputs = np.full((len(window), codec.shape.outputs), 0.5, np.float32)
        rows.append(decoder_of(codec).predictions([given], window, outputs))
    assert [row["date"] for row in rows[0]] == [row["date"] for row in rows[1]]
    assert rows[0][0]["date"] == "2012-07"
    assert len(rows[0]) == keys.get("horizon", 1)
    for name in codec.targets:
        np.testing.assert_allclose(*[[row[name] for row in result] for result in rows], rtol=1e-6)


@pytest.mark.parametrize(("part", "key"), [("shape", "horizon"), ("frequency", "count")])
def test_a_saved_codec_that_would_fill_the_memory_is_refused(part, key, folder):
    saved = json.loads(loaded(folder).codec.to_json())
    saved[part] = {**(saved[part] or {"unit": "second"}), key: 10**15}
    with pytest.raises(DataError, match=rf"{part}\.{key}.*at most"):
        codec_from_json(json.dumps(saved))


def test_standardised_units_are_those_of_each_column_in_training(folder):
    keys = {"transform": ("standardise",), "horizon": 2}
    plain, scaled = loaded(folder, **keys), loaded(folder, report="standardised", **keys)
    table = np.loadtxt(folder / "s.csv", delimiter=",", skiprows=1, usecols=(1, 2))[:100]
    deviation = np.tile(table.std(axis=0), 2)
    result = [data.baselines("test")["persistence"] for data in (plain, scaled)]
    np.testing.assert_allclose(result[0].errors / deviation, result[1].errors)
    masse = [scores(answers, resamples=0)["mase"].value for answers in result]
    assert masse[0] == pytest.approx(masse[1])


def test_a_file_too_short_for_a_window_is_refused(folder):
    codec = loaded(folder, transform=("difference",)).codec
    with pytest.raises(DataError, match="2 steps are too few: a forecast needs 13"):
        codec.last_window(codec.read("month,a,b\n2000-01,1,2\n2000-02,2,3\n"))


def test_a_file_without_a_column_of_the_run_is_refused(folder):
    codec = loaded(folder).codec
    with pytest.raises(DataError, match="no column `b`"):
        codec.read("month,a\n2000-01,1\n")


def test_a_logarithm_that_does_not_exist_is_refused_in_new_files_too(folder):
    codec = loaded(folder, transform=("log", "standardise")).codec
    rows = "".join(f"2000-{month:02},{month - 5},2\n" for month in range(1, 13))
    with pytest.raises(DataError, match="no logarithm of -4"):
        codec.last_window(codec.read(f"month,a,b\n{rows}"))


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"horizon": 40}, "the validation split has 20 steps"),
        ({"window": 200}, "the train split has 100 steps"),
        ({"columns": ("c",)}, "no column `c`"),
        ({"split": SplitConfig(validation=100, test=100)}, "leaves 0 to train on"),
        ({"split": SplitConfig(train=145, validation=20, test=30)}, "145 are asked for"),
    ],
)
def test_what_does_not_fit_is_reported(keys, expected, folder):
    split = keys.pop("split", SplitConfig(validation=20, test=30))
    with pytest.raises(DataError, match=expected):
        load_data(DataConfig(train="s.csv", split=split, **{"window": 30, **keys}), folder)


def test_what_comes_after_a_stated_training_split_is_not_used(folder):
    split = SplitConfig(train=100, validation=20, test=10)
    data = load_data(DataConfig(train="s.csv", window=12, split=split), folder)
    assert data.facts.rows == (88, 20, 10)
    assert "the last 20 of 150 steps, after the test split, are not used" in data.notes


def test_a_file_may_take_the_place_of_the_test_split(folder):
    (folder / "t.csv").write_text((folder / "s.csv").read_text())
    data = load_data(DataConfig(train="s.csv", window=12), folder, None, folder / "t.csv")
    assert data.facts.rows[2] == len(data.test) == 138
    assert len(data.baselines("test")["persistence"].targets) == 138


@pytest.mark.parametrize("apart", [False, True])
def test_the_worst_forecasts_are_shown_with_the_values_around_them(apart, folder):
    data = loaded(folder, channel_independent=apart, horizon=2)
    outputs = data.test.targets.copy()
    per_window = 2 if apart else 1
    outputs[11 * per_window] += 100
    decoder = decoder_of(data.codec)
    answers = decoder.answers(data.test, outputs)
    result = details_of(
        decoder, data.test, outputs, answers, lambda row: data.row_text("test", row)
    )
    assert result.by_length is None
    worst = result.mistakes[0]
    # The test split begins with step 120: window 11 ends at 130.
    rows = (folder / "s.csv").read_text().splitlines()[1:]
    a, b = (float(cell) for cell in rows[131].split(",")[1:])
    assert worst.row == 12
    # Both are between 10 and 100, where a number on the screen has three decimals.
    assert [float(n) for n in worst.text.split("-> ")[1].split(",")[0].split()] == [
        round(a, 3),
        round(b, 3),
    ]


@pytest.mark.parametrize("keys", CHAINS)
def test_a_split_may_be_left_empty(keys, folder):
    split = SplitConfig(validation=0, test=30)
    data = load_data(DataConfig(train="s.csv", window=12, split=split, **keys), folder)
    assert data.facts.rows[1] == len(data.validation) == 0
    assert len(data.test)


@pytest.mark.parametrize("form", [None, "%d.%m.%Y"])
def test_an_example_is_the_end_of_the_training_series_as_columns(form, tmp_path):
    days = np.arange("2001-01-30", "2001-06-01", dtype="datetime64[D]")
    written = [day.item().strftime(form or "%Y-%m-%d") for day in days]
    rows = [f"{day},{number * 0.5}" for number, day in enumerate(written)]
    (tmp_path / "s.csv").write_text("\n".join(["day,a", *rows]))
    codec = loaded(tmp_path, date="day", date_format=form).codec
    example = json.loads(json.dumps(codec.example))
    assert example["day"] == written[-len(codec.end) :]
    series = codec.read(example)
    np.testing.assert_array_equal(series.values, codec.end.values)
    np.testing.assert_array_equal(series.dates, codec.end.dates)


def test_an_example_without_dates_is_the_values_alone(tmp_path):
    (tmp_path / "s.csv").write_text("\n".join(["a,b", *(f"{n},{n * n}" for n in range(90))]))
    codec = loaded(tmp_path).codec
    assert list(codec.example) == ["a", "b"]
    np.testing.assert_array_equal(codec.read(codec.example).values, codec.end.values)
